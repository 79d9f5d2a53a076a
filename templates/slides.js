"use strict";
const slides = Array.from(document.querySelectorAll(".slide"));
const steps = slides.map(slide => Number(slide.dataset.steps));
let [at, step] = place(location.hash);

function place(hash) {
  const found = /^#(\d+)(?:\.(\d+))?$/.exec(hash);
  const slide = found ? Math.min(Math.max(Number(found[1]), 1), slides.length) - 1 : 0;
  return [slide, Math.min(Math.max(Number(found && found[2] || 1), 1), steps[slide])];
}

/* What is too large for a slide is shrunk to it; a slide is of the same size in every window. */
function shrink(slide) {
  const body = slide.querySelector(".body");
  if (!body) return;
  slide.classList.add("current");
  const room = slide.getBoundingClientRect(), outer = body.getBoundingClientRect();
  const parts = Array.from(body.querySelectorAll("math, li, p, table"), part => part.getBoundingClientRect());
  const wide = Math.max(...parts.map(part => part.right - outer.left), 1);
  const high = Math.max(...parts.map(part => part.bottom - outer.top), 1);
  const factor = Math.min(1, outer.width / wide, (room.bottom - outer.top - room.height * .09) / high);
  body.style.setProperty("--shrink", factor.toFixed(3));
  slide.classList.remove("current");
}

function show() {
  slides.forEach((slide, i) => {
    slide.classList.toggle("current", i === at);
    for (const part of slide.querySelectorAll("[data-since]"))
      part.classList.toggle("later", i === at && Number(part.dataset.since) > step);
  });
  history.replaceState(null, "", `#${at + 1}.${step}`);
}

function forward() {
  if (step < steps[at]) step += 1;
  else if (at + 1 < slides.length) [at, step] = [at + 1, 1];
  show();
}

function back() {
  if (step > 1) step -= 1;
  else if (at > 0) [at, step] = [at - 1, steps[at - 1]];
  show();
}

function go(slide, last) {
  [at, step] = [slide, last ? steps[slide] : 1];
  show();
}

const keys = {
  ArrowRight: forward, ArrowDown: forward, PageDown: forward, Enter: forward, " ": forward,
  ArrowLeft: back, ArrowUp: back, PageUp: back, Backspace: back,
  Home: () => go(0), End: () => go(slides.length - 1, true),
};

addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  event.key === " " && event.shiftKey ? back() : keys[event.key]();
});
addEventListener("click", event => {
  if (!getSelection().isCollapsed) return;
  event.clientX < innerWidth / 4 ? back() : forward();
});
addEventListener("hashchange", () => { [at, step] = place(location.hash); show(); });
document.documentElement.classList.add("deck");
slides.forEach(shrink);
show();
