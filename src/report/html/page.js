"use strict";
// Shows the entries that fit the search and every filter; without scripts all of them stay in view.
const form = document.querySelector("form");
const entries = Array.from(document.querySelectorAll("article"));
const sections = Array.from(document.querySelectorAll("section"));
const filters = Array.from(form.querySelectorAll("select"));
const search = form.querySelector("input");
const shown = form.querySelector("output");
const texts = entries.map((entry) => entry.textContent.toLowerCase());
const worstFirst = ["critical", "high", "medium", "low", "info", "gap"];

for (const filter of filters) {
  const counts = new Map();
  for (const value of entries.map((entry) => entry.dataset[filter.name]).filter(Boolean)) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const values = Array.from(counts.keys()).sort();
  if (filter.name === "severity") {
    values.sort((a, b) => worstFirst.indexOf(a) - worstFirst.indexOf(b));
  }
  for (const value of values) {
    filter.add(new Option(`${value} (${counts.get(value)})`, value));
  }
  // A filter with one choice would choose nothing.
  filter.hidden = values.length < 2;
}

function update() {
  const words = search.value.toLowerCase().replaceAll("`", " ").split(/\s+/).filter(Boolean);
  let count = 0;
  entries.forEach((entry, at) => {
    const fits = words.every((word) => texts[at].includes(word))
      && filters.every((filter) => !filter.value || entry.dataset[filter.name] === filter.value);
    entry.hidden = !fits;
    count += fits ? 1 : 0;
  });
  for (const section of sections) {
    section.hidden = !section.querySelector("article:not([hidden])");
  }
  shown.value = `${count} of ${entries.length}`;
}

form.hidden = entries.length === 0;
form.addEventListener("input", update);
form.addEventListener("submit", (event) => event.preventDefault());
update();
