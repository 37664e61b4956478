// What the page does beyond its links and forms: keys, selecting a missed statement, several values in one field.
"use strict";

(() => {
  document.documentElement.classList.add("with-js");
  const keysOn = document.getElementById("keys-on");
  let leaving = false; // a second key must not decide a statement that is not yet seen
  window.addEventListener("pageshow", () => { leaving = false; });
  document.addEventListener("submit", () => { leaving = true; });

  // Keys can be switched off, for those who dictate.
  try {
    keysOn.checked = localStorage.getItem("keys") !== "off";
    keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
  } catch { /* storage is forbidden: keys stay on */ }

  const isField = (element) => element.matches("input:not([type=checkbox]), textarea, select");

  document.addEventListener("keydown", (event) => {
    const inField = event.target instanceof Element && isField(event.target);
    if (inField) {
      if (event.key === "Escape" || (event.key === "Enter" && event.target.matches("input"))) {
        event.preventDefault();
        event.target.blur();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!keysOn.checked && event.key !== "?") return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!target || leaving) return;
    event.preventDefault();
    if (target.matches("textarea")) {
      target.focus();
    } else if (target.matches("summary")) {
      target.parentElement.open = true;
      target.parentElement.querySelector("input, select")?.focus();
    } else {
      if (target.matches("a[href]")) leaving = true;
      target.click();
    }
  });

  // The words selected in the article, as offsets in code points of its text: each run tells where it begins.
  const offsetOf = (node, offset) => {
    const run = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("[data-start]");
    if (!run) return null;
    const before = node.nodeType === Node.TEXT_NODE ? node.data.slice(0, offset) : offset ? run.textContent : "";
    return Number(run.dataset.start) + Array.from(before).length;
  };
  const firstRun = (range, last) => {
    const runs = [...document.querySelectorAll("#passage[data-article] [data-start]")].filter((run) => range.intersectsNode(run));
    return last ? runs.at(-1) : runs[0];
  };
  const selected = () => {
    const selection = document.getSelection();
    if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const first = firstRun(range, false);
    const last = firstRun(range, true);
    if (!first) return null;
    const start = first.contains(range.startContainer) ? offsetOf(range.startContainer, range.startOffset) : Number(first.dataset.start);
    const end = last.contains(range.endContainer) ? offsetOf(range.endContainer, range.endOffset) : offsetOf(last, 1);
    return start === null || end === null || start >= end ? null : { start, end };
  };
  const missed = document.getElementById("missed");
  let latest = null; // a press on the button may clear the selection before it is read
  document.addEventListener("selectionchange", () => { latest = selected() ?? latest; });
  missed?.addEventListener("click", (event) => {
    const found = selected() ?? latest;
    if (!found) return;
    event.preventDefault();
    const address = new URL(missed.href);
    address.searchParams.set("start", found.start);
    address.searchParams.set("end", found.end);
    location.assign(address);
  });
  document.getElementById("passage")?.addEventListener("pointerdown", () => { latest = null; });

  const whole = document.getElementById("whole");
  whole?.addEventListener("click", () => {
    const show = whole.getAttribute("aria-pressed") !== "true";
    whole.setAttribute("aria-pressed", String(show));
    document.querySelectorAll("#passage details").forEach((rest) => { rest.open = show; });
    document.querySelector("#passage .is-sentence")?.scrollIntoView({ block: "center" });
  });

  // On a small screen the statement may lie below what is seen first.
  const sentence = document.querySelector("#passage .is-sentence");
  const foot = document.querySelector(".choices")?.getBoundingClientRect();
  const limit = foot && foot.top < innerHeight && foot.left < 20 ? foot.top : innerHeight;
  const ends = [...document.querySelectorAll("#passage .is-sentence")].at(-1)?.getBoundingClientRect().bottom;
  if (sentence && ends > limit) sentence.scrollIntoView({ block: "center" });

  // In a field for several codes the suggestions go on behind the last semicolon.
  document.querySelectorAll("input[data-many][list]").forEach((input) => {
    const all = document.getElementById(input.getAttribute("list"));
    const own = document.createElement("datalist");
    own.id = `${input.id}-list`;
    input.after(own);
    input.setAttribute("list", own.id);
    let before = null;
    const fill = () => {
      const typed = input.value.slice(0, input.value.lastIndexOf(";") + 1);
      const prefix = typed && `${typed.trim()} `;
      if (prefix === before) return;
      before = prefix;
      own.replaceChildren(...[...all.options].map((option) => new Option(option.text, prefix + option.value)));
    };
    input.addEventListener("focus", fill);
    input.addEventListener("input", fill);
  });

  // Screen readers announce what changes in a live region, not what it holds from the start.
  const status = document.getElementById("status");
  const told = [...(status?.childNodes ?? [])];
  if (told.length) {
    status.replaceChildren();
    setTimeout(() => status.append(...told), 60);
  }

  // While the model is being read the first page has no words yet.
  const waiting = async () => {
    try {
      const answer = await fetch(location.href);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("why");
      if (fresh) document.getElementById("why").replaceWith(fresh);
      if (fresh?.hasAttribute("data-pending")) setTimeout(waiting, 500);
    } catch {
      setTimeout(waiting, 2000); // the server is away; it may come back
    }
  };
  if (document.querySelector("#why[data-pending]")) setTimeout(waiting, 300);
})();
