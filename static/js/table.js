// Sorts a table by a column: <table data-sortable>, each <th data-type="text|number|date">. Headings become buttons:
// first ascending, then descending, then as in the file. Empty cells come last. The order is said in [data-sort-status].

const words = new Intl.Collator("es", { numeric: true, sensitivity: "base" });
const ORDERS = { none: "ascending", ascending: "descending", descending: "none" };
const SAID = {
  ascending: { text: "de la A a la Z", number: "de menor a mayor", date: "de la más antigua a la más reciente" },
  descending: { text: "de la Z a la A", number: "de mayor a menor", date: "de la más reciente a la más antigua" },
};

function numberOf(text, decimal) {
  const digits = [...text].filter((sign) => /\d/.test(sign) || sign === decimal).join("").replace(decimal, ".");
  return Number(digits) * (/^\D*[-−]/.test(text) ? -1 : 1);
}

function dayOf(text) {
  const [day, month, year] = text.split("/").map(Number);
  return (year * 100 + month) * 100 + day;
}

// Returns what two cells of a column are compared by; undefined for an empty cell.
function keyOf(cell, heading) {
  if (cell.classList.contains("void")) return undefined;
  const text = cell.textContent;
  if (heading.dataset.type === "number") return numberOf(text, heading.dataset.decimal);
  return heading.dataset.type === "date" ? dayOf(text) : text;
}

function compare(one, other, sign) {
  if (one === undefined || other === undefined) return (one === undefined) - (other === undefined);
  return sign * (typeof one === "string" ? words.compare(one, other) : one - other);
}

function sort(table, heading, order, inFile) {
  const sign = order === "descending" ? -1 : 1;
  const keys = new Map(inFile.map((row) => [row, keyOf(row.cells[heading.cellIndex], heading)]));
  const rows = order === "none" ? inFile : [...inFile].sort((one, other) => compare(keys.get(one), keys.get(other), sign));
  table.tBodies[0].append(...rows);
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const inFile = [...table.tBodies[0].rows];
  const headings = [...table.tHead.rows[0].cells];
  for (const heading of headings) {
    const name = heading.textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    heading.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => {
      const order = ORDERS[heading.getAttribute("aria-sort")];
      for (const each of headings) each.setAttribute("aria-sort", each === heading ? order : "none");
      sort(table, heading, order, inFile);
      document.querySelector("[data-sort-status]").textContent =
        order === "none" ? "Filas en el orden del archivo." : `Filas por ${name}, ${SAID[order][heading.dataset.type]}.`;
    });
  }
}

for (const hint of document.querySelectorAll("[data-sort-hint]")) hint.hidden = false;
