"use strict";
// Everything is readable without this: it only folds, finds and sorts.
(() => {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const details = all("details.cell");
  for (const tools of all(".tools")) tools.hidden = false;

  const fold = (open) => () => { for (const d of details) d.open = open; };
  const button = (id, f) => { const b = document.getElementById(id); if (b) b.addEventListener("click", f); };
  button("open", fold(true));
  button("close", fold(false));

  // A link into a folded cell opens it.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const cell = target && target.closest("details.cell");
    if (cell && !cell.open) { cell.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", reveal);
  reveal();

  const table = document.getElementById("ranks");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const find = document.getElementById("find");
  const least = document.getElementById("least");
  const found = document.getElementById("found");
  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = Number(row.dataset.verdict) < Number(least.value) || !words.every((w) => text.includes(w));
      if (!row.hidden) shown++;
    }
    found.textContent = found.dataset.text.replace("{n}", String(shown));
  };
  find.addEventListener("input", filter);
  least.addEventListener("change", filter);
  filter();

  const heads = Array.from(table.tHead.rows[0].cells);
  heads.forEach((head, column) => {
    const sort = document.createElement("button");
    sort.type = "button";
    sort.className = "sort";
    sort.append(...head.childNodes);
    head.append(sort);
    const key = (row) => { const c = row.cells[column]; return c.dataset.sort === undefined ? c.textContent : Number(c.dataset.sort); };
    sort.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const h of heads) h.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = (a, b) => { const x = key(a), y = key(b); return typeof x === "number" ? x - y : x.localeCompare(y); };
      body.append(...rows.slice().sort((a, b) => (down ? -1 : 1) * order(a, b)));
    });
  });
})();
