"use strict";

// On a wide screen the contents stand open beside the text.
const contents = document.getElementById("contents");
const wide = matchMedia("(min-width: 64rem)");
const fold = () => { contents.open = wide.matches; };
wide.addEventListener("change", fold);
fold();

// What scrolls sideways in itself can be scrolled with the keyboard, and says what it is.
const SCROLLERS = { ".wide": "Table", ".formula": "Formula", ".output": "Output", "pre": "Code" };
function reach() {
  for (const [selector, name] of Object.entries(SCROLLERS)) {
    for (const box of document.querySelectorAll(`main ${selector}`)) {
      const scrolls = box.scrollWidth > box.clientWidth;
      if (scrolls === box.hasAttribute("tabindex")) continue;
      const set = { tabindex: "0", role: "group", "aria-label": `${name}, scrolls sideways` };
      for (const [key, value] of Object.entries(set)) {
        scrolls ? box.setAttribute(key, value) : box.removeAttribute(key);
      }
    }
  }
}
addEventListener("resize", reach);
reach();

// A section is found where it holds every word asked for; words in its title count more.
function find(asked) {
  const wanted = asked.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return [];
  const count = (text, word) => text.toLowerCase().split(word).length - 1;
  return STRIDES_WORDS.map(section => {
    const each = wanted.map(word => 10 * count(section.title, word) + count(section.text, word));
    return { section, score: each.every(Boolean) ? each.reduce((a, b) => a + b) : 0 };
  }).filter(hit => hit.score).sort((a, b) => b.score - a.score).map(hit => hit.section);
}

function around(text, word) {
  const place = text.toLowerCase().indexOf(word.toLowerCase());
  if (place < 0) return [text.slice(0, 160), "", ""];
  const start = place < 80 ? 0 : text.indexOf(" ", place - 80) + 1;
  const end = place + word.length;
  return [text.slice(start, place), text.slice(place, end), text.slice(end, end + 100)];
}

function showFound(asked) {
  const found = find(asked);
  const items = found.map(({ link, title, lecture, text }) => {
    const item = document.createElement("li");
    const where = document.createElement("a");
    const words = document.createElement("p");
    const mark = document.createElement("mark");
    where.href = link;
    where.textContent = `${title} (${lecture})`;
    const [before, hit, after] = around(text, asked.trim().split(/\s+/)[0]);
    mark.textContent = hit;
    words.append(before, mark, after);
    item.append(where, words);
    return item;
  });
  document.getElementById("found").replaceChildren(...items);
  document.getElementById("count").textContent = !asked.trim() ? ""
    : `${found.length || "No"} section${found.length === 1 ? "" : "s"} with “${asked.trim()}”`;
}

if (document.getElementById("search")) {
  addEventListener("DOMContentLoaded", () => {
    const box = document.getElementById("asked");
    box.value = new URLSearchParams(location.search).get("q") ?? "";
    box.addEventListener("input", () => showFound(box.value));
    showFound(box.value);
    box.focus();
  });
}
