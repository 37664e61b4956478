"use strict";
// Sorts and filters tables, and opens a row to show what was said. Without it every table still stands as it is.
(() => {
  const quotes = JSON.parse(document.getElementById("quotes").textContent);
  const make = (name, text, className) => {
    const found = document.createElement(name);
    if (text) found.textContent = text;
    if (className) found.className = className;
    return found;
  };
  const value = (cell) => {
    const told = cell.dataset.value ?? cell.textContent.trim();
    const number = Number(told);
    return told !== "" && Number.isFinite(number) ? number : told.toLowerCase();
  };
  const compare = (a, b) => {
    if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
    return typeof a === "number" ? -1 : 1;
  };
  const close = (body) => body.querySelectorAll("tr.opened").forEach((row) => {
    row.previousElementSibling.querySelector("button").setAttribute("aria-expanded", "false");
    row.remove();
  });

  for (const table of document.querySelectorAll("table.sortable")) {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = make("button", head.textContent, "sort");
      button.type = "button";
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        close(body);
        const descending = head.getAttribute("aria-sort") !== "descending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", descending ? "descending" : "ascending");
        const rows = [...body.rows].map((row, place) => [value(row.cells[column]), place, row]);
        rows.sort((a, b) => (descending ? compare(b[0], a[0]) : compare(a[0], b[0])) || a[1] - b[1]);
        body.append(...rows.map((one) => one[2]));
      });
    });
  }

  const tell = (said) => {
    const list = make("ul", "", "said");
    for (const [date, stance, person, sentence, outlet, link] of said) {
      const item = make("li");
      item.append(make("b", stance || "no label", stance), ` ${date} `, make("bdi", person), make("bdi", outlet ? ` (${outlet})` : ""));
      const quote = make("blockquote", sentence);
      if (link) {
        const anchor = make("a", " article");
        anchor.href = link;
        anchor.rel = "noreferrer noopener";
        quote.append(anchor);
      }
      item.append(quote);
      list.append(item);
    }
    return list;
  };
  const show = (row, said) => {
    const opened = make("tr", "", "opened");
    const cell = make("td");
    cell.colSpan = row.cells.length;
    cell.append(tell(said));
    opened.append(cell);
    row.after(opened);
  };
  for (const details of document.querySelectorAll("details[data-key]")) {
    const said = quotes[details.dataset.key];
    if (!said) details.remove();
    else details.addEventListener("toggle", () => details.append(tell(said)), { once: true });
  }
  for (const row of document.querySelectorAll("tr[data-key]")) {
    const said = quotes[row.dataset.key];
    if (!said) continue;
    const head = row.cells[0];
    const button = make("button", "", "open");
    button.append(...head.childNodes);
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!open));
      if (open) row.nextElementSibling.remove();
      else show(row, said);
    });
  }

  for (const form of document.querySelectorAll("form.filter")) {
    const table = document.getElementById(form.dataset.table);
    const column = [...table.tHead.rows[0].cells].findIndex((cell) => cell.textContent === "Statements");
    const texts = new Map([...table.tBodies[0].rows].map((row) => [row, row.textContent.toLowerCase()]));
    const apply = () => {
      close(table.tBodies[0]);
      const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const [row, text] of texts) {
        const fits = words.every((word) => text.includes(word))
          && (!form.elements.issue.value || row.dataset.issue === form.elements.issue.value)
          && Number(row.cells[column].textContent) >= Number(form.elements.least.value || 1);
        row.hidden = !fits;
        left += fits;
      }
      table.toggleAttribute("data-filtered", left < texts.size);
      form.querySelector("output").textContent = `${left} of ${texts.size} rows`;
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
  }
})();
