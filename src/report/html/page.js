"use strict";
// Shows the entries that fit the search and every filter; without scripts all of them stay in view.
const form = document.querySelector("form");
const entries = Array.from(document.querySelectorAll("article"));
const filters = Array.from(form.querySelectorAll("select"));
const search = form.querySelector("input");
const shown = document.querySelector("output");
const texts = entries.map((entry) => entry.textContent.toLowerCase());

for (const filter of filters) {
  const values = new Set(entries.map((entry) => entry.dataset[filter.name]).filter(Boolean));
  for (const value of values) {
    filter.add(new Option(value, value));
  }
}

function update() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  entries.forEach((entry, at) => {
    const fits = words.every((word) => texts[at].includes(word))
      && filters.every((filter) => !filter.value || entry.dataset[filter.name] === filter.value);
    entry.hidden = !fits;
    count += fits ? 1 : 0;
  });
  shown.value = `${count} of ${entries.length}`;
}

form.hidden = false;
form.addEventListener("input", update);
form.addEventListener("submit", (event) => event.preventDefault());
update();
