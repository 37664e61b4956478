"use strict";
// Filters a list of mistakes. Without it the whole list still stands.
(() => {
  for (const form of document.querySelectorAll("form.filter[data-list]")) {
    const list = document.getElementById(form.dataset.list);
    const items = [...list.children].map((item) => [item, item.textContent.toLowerCase()]);
    const apply = () => {
      const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      const pair = form.elements.pair.value;
      const issue = form.elements.issue ? form.elements.issue.value : "";
      let left = 0;
      for (const [item, text] of items) {
        const fits = words.every((word) => text.includes(word))
          && (!pair || (pair === "reversed" ? "reversed" in item.dataset : item.dataset.pair === pair))
          && (!issue || item.dataset.issue === issue);
        item.hidden = !fits;
        left += fits;
      }
      list.toggleAttribute("data-filtered", left < items.length);
      form.querySelector("output").textContent = `${left} of ${items.length}`;
    };
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
  }
})();
