/**
 * Maps and networks that move, zoom and filter. Without this they stand as they were printed; all words
 * are the page's own.
 */
"use strict";

(() => {
  const LARGEST = 16;
  const STEP = 1.6;
  const SLIP_PX = 4;

  /** A drawing that can be moved and zoomed: by buttons, keys, wheel, and one or two fingers. */
  class Drawing {
    /** @param {HTMLElement} figure */
    constructor(figure) {
      this.svg = figure.querySelector("svg");
      this.all = this.svg.querySelector(".all");
      this.tools = figure.querySelector(".tools");
      const frame = this.svg.viewBox.baseVal;
      this.width = frame.width;
      this.height = frame.height;
      /** @type {Map<number, {x: number, y: number}>} */
      this.fingers = new Map();
      this.dragged = 0;
      this.reset();
      this.listen();
      this.svg.setAttribute("tabindex", "0");
      this.svg.setAttribute("aria-description", this.svg.dataset.hint);
      this.tools.hidden = false;
    }

    listen() {
      const svg = this.svg;
      this.tools.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (button) this.act(button.dataset.do);
      });
      svg.addEventListener("keydown", (event) => this.key(event));
      svg.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
      svg.addEventListener("pointerdown", (event) => this.down(event));
      svg.addEventListener("pointermove", (event) => this.move(event));
      for (const name of ["pointerup", "pointercancel"]) {
        svg.addEventListener(name, (event) => this.fingers.delete(event.pointerId));
      }
      svg.addEventListener("dragstart", (event) => event.preventDefault());
      svg.addEventListener("click", (event) => {
        if (this.dragged > SLIP_PX) event.preventDefault();
        this.dragged = 0;
      }, true);
      svg.addEventListener("focusin", (event) => this.reveal(event.target));
    }

    reset() {
      this.scale = 1;
      this.x = 0;
      this.y = 0;
      this.show();
    }

    /** Moves the drawing to where it was told, as far as it goes. */
    show(glides = false) {
      const clamped = (value, size) => Math.min(0, Math.max(size * (1 - this.scale), value));
      this.x = clamped(this.x, this.width);
      this.y = clamped(this.y, this.height);
      this.all.classList.toggle("gliding", glides);
      this.all.style.transform = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
      this.svg.style.setProperty("--zoom", String(this.scale));
      this.svg.classList.toggle("zoomed", this.scale > 1);
      for (const button of this.tools.children) {
        const isEnd = button.dataset.do === "in" ? this.scale >= LARGEST : this.scale <= 1;
        button.setAttribute("aria-disabled", String(isEnd));
      }
    }

    /** Zooms around a point of the frame. */
    zoom(factor, x = this.width / 2, y = this.height / 2, glides = true) {
      const scale = Math.min(LARGEST, Math.max(1, this.scale * factor));
      this.x = x - (x - this.x) * (scale / this.scale);
      this.y = y - (y - this.y) * (scale / this.scale);
      this.scale = scale;
      this.show(glides);
    }

    act(what) {
      if (what === "in") this.zoom(STEP);
      else if (what === "out") this.zoom(1 / STEP);
      else this.zoom(0);
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = { "+": "in", "=": "in", "-": "out", "−": "out", 0: "all" };
      const moves = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
      if (acts[event.key]) {
        this.act(acts[event.key]);
        event.preventDefault();
      } else if (moves[event.key] && this.scale > 1) {
        const [right, down] = moves[event.key];
        this.x += (right * this.width) / 8;
        this.y += (down * this.height) / 8;
        this.show(true);
        event.preventDefault();
      }
    }

    wheel(event) {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const at = this.at(event);
      this.zoom(Math.exp(-event.deltaY / 300), at.x, at.y, false);
    }

    down(event) {
      if (event.button !== 0) return;
      if (this.fingers.size === 0) this.dragged = 0;
      this.fingers.set(event.pointerId, this.at(event));
    }

    move(event) {
      const before = this.fingers.get(event.pointerId);
      if (!before) return;
      const now = this.at(event);
      const others = [...this.fingers].filter(([id]) => id !== event.pointerId);
      this.fingers.set(event.pointerId, now);
      this.dragged += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
      if (others.length === 1) {
        const other = others[0][1];
        const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
        this.zoom(apart(now) / apart(before), other.x, other.y, false);
      } else if (this.scale > 1 && this.dragged > SLIP_PX) {
        this.svg.setPointerCapture(event.pointerId);
        this.x += now.x - before.x;
        this.y += now.y - before.y;
        this.show();
      }
    }

    /** Returns where an event happened, in the units of the frame. */
    at(event) {
      const box = this.svg.getBoundingClientRect();
      const ratio = this.width / box.width;
      return { x: (event.clientX - box.left) * ratio, y: (event.clientY - box.top) * ratio };
    }

    /** Brings a point that has the focus into the frame. */
    reveal(target) {
      const link = target.closest("a");
      if (!link || this.scale === 1) return;
      const box = link.getBBox();
      const x = box.x + box.width / 2;
      const y = box.y + box.height / 2;
      const [left, top] = [x * this.scale + this.x, y * this.scale + this.y];
      if (left < 0 || top < 0 || left > this.width || top > this.height) {
        this.x = this.width / 2 - x * this.scale;
        this.y = this.height / 2 - y * this.scale;
        this.show(true);
      }
    }
  }

  /** What is chosen by field, country and year: on the map, in the network and in the table alike. */
  class Filter {
    /** @param {HTMLFormElement} form */
    constructor(form) {
      this.form = form;
      this.rows = [...document.querySelectorAll(".as-table tbody tr")];
      this.marks = [...document.querySelectorAll(".drawing [data-rows]")].map((mark) => ({
        mark,
        rows: mark.dataset.rows.split(" ").map(Number),
      }));
      form.hidden = false;
      form.addEventListener("submit", (event) => event.preventDefault());
      form.addEventListener("input", () => this.apply());
      form.addEventListener("reset", () => setTimeout(() => this.apply()));
    }

    /** Returns what is chosen; empty where anything goes. */
    chosen(name) {
      const control = this.form.elements.namedItem(name);
      return control && control.validity.valid ? control.value : "";
    }

    fits(row) {
      const { fields, countries, year } = row.dataset;
      const has = (told, wanted) => !wanted || told.split(" ").includes(wanted);
      const from = this.chosen("from");
      const to = this.chosen("to");
      return (
        has(fields, this.chosen("field")) &&
        has(countries, this.chosen("country")) &&
        (!from || (year && Number(year) >= Number(from))) &&
        (!to || (year && Number(year) <= Number(to)))
      );
    }

    apply() {
      const shown = this.rows.map((row) => Boolean(this.fits(row)));
      this.rows.forEach((row, number) => row.classList.toggle("off", !shown[number]));
      for (const { mark, rows } of this.marks) mark.classList.toggle("off", !rows.some((row) => shown[row]));
      const told = { shown: shown.filter(Boolean).length, total: shown.length };
      this.form.querySelector(".shown").textContent = this.form.dataset.told.replace(
        /\{(shown|total)\}/g,
        (_, name) => String(told[name]),
      );
    }
  }

  for (const figure of document.querySelectorAll("figure.drawing")) new Drawing(figure);
  for (const form of document.querySelectorAll("form.filter")) new Filter(form);
})();
