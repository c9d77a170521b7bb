/** Moving, stretching and drawing by hand: one gesture at a time, by mouse, pen or finger; Escape gives it up. */

import { useEffect, useRef } from "react";
import { STEP, snap } from "./shapes.js";

const MOUSE_SLACK = 5;
const TOUCH_SLACK = 12;
const HOLD_MS = 320;
const EDGE = 36;

/** Find the column under a point, or the nearest one. */
function columnAt(body, x) {
  const all = [...body.querySelectorAll("[data-column]")];
  return all.find((element) => x < element.getBoundingClientRect().right) ?? all[all.length - 1];
}

/**
 * Handle gestures inside `body`. `draw(ghost | null)` shows where things would land, `drop(ghost, gesture)` is the end of it.
 * A ghost is {id, column, start, length, kind}: kind is "move", "stretch" or "new".
 */
export function useGestures({ body, scroller, from, hour, draw, drop }) {
  const live = useRef({});
  live.current = { from, hour, draw, drop };
  const gesture = useRef(null);
  const swallow = useRef(false);

  const minuteAt = (column, y) => live.current.from + ((y - column.getBoundingClientRect().top) / live.current.hour) * 60;

  useEffect(() => {
    const move = (event) => {
      const held = gesture.current;
      if (!held || event.pointerId !== held.pointer) return;
      const far = Math.hypot(event.clientX - held.x, event.clientY - held.y);
      if (!held.active) {
        if (held.touch) {
          if (far > TOUCH_SLACK) stop();
          return;
        }
        if (far < MOUSE_SLACK) return;
        held.active = true;
      }
      event.preventDefault();
      follow(held, event);
    };
    const up = (event) => {
      const held = gesture.current;
      if (!held || event.pointerId !== held.pointer) return;
      const ghost = held.active ? held.ghost : null;
      if (held.active) { swallow.current = true; setTimeout(() => { swallow.current = false; }, 0); }
      stop();
      if (ghost) live.current.drop(ghost);
    };
    const key = (event) => {
      if (event.key !== "Escape" || !gesture.current?.active) return;
      event.preventDefault();
      event.stopPropagation();
      stop();
    };
    const still = (event) => { if (gesture.current?.active) event.preventDefault(); };
    const click = (event) => {
      if (!swallow.current) return;
      swallow.current = false;
      event.preventDefault();
      event.stopPropagation();
    };
    const cancel = (event) => { if (event.pointerId === gesture.current?.pointer) stop(); };
    addEventListener("pointermove", move, { passive: false });
    addEventListener("pointerup", up);
    addEventListener("pointercancel", cancel);
    addEventListener("keydown", key, true);
    addEventListener("click", click, true);
    document.addEventListener("touchmove", still, { passive: false });
    return () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", up);
      removeEventListener("pointercancel", cancel);
      removeEventListener("keydown", key, true);
      removeEventListener("click", click, true);
      document.removeEventListener("touchmove", still);
    };
  }, []);

  function stop() {
    clearTimeout(gesture.current?.timer);
    gesture.current = null;
    live.current.draw(null);
  }

  function follow(held, event) {
    const around = scroller.current?.getBoundingClientRect();
    if (around && event.clientY > around.bottom - EDGE) scroller.current.scrollTop += 12;
    if (around && event.clientY < around.top + EDGE + 44) scroller.current.scrollTop -= 12;
    const column = held.kind === "move" ? columnAt(body.current, event.clientX) : held.element;
    if (!column) return;
    const minute = minuteAt(column, event.clientY);
    if (held.kind === "move") {
      held.ghost = { ...held.ghost, column: column.dataset.column, start: Math.max(0, snap(minute - held.grip)) };
    } else if (held.kind === "stretch") {
      held.ghost = { ...held.ghost, length: Math.min(480, Math.max(STEP, snap(minute - held.ghost.start))) };
    } else {
      const here = snap(minute);
      const start = Math.min(held.anchor, here);
      held.ghost = { ...held.ghost, start, length: Math.min(480, Math.max(STEP, Math.abs(here - held.anchor))) };
    }
    live.current.draw(held.ghost);
  }

  /** Begin a gesture on a visit (or its lower edge), or on the free ground of a column. */
  return function begin(event, kind, block) {
    if (event.button !== 0 || gesture.current) return;
    const element = event.target.closest("[data-column]");
    if (!element) return;
    const touch = event.pointerType === "touch";
    const minute = minuteAt(element, event.clientY);
    const held = { kind, element, touch, pointer: event.pointerId, x: event.clientX, y: event.clientY, active: false };
    if (kind === "new") {
      if (touch) return;
      held.anchor = snap(minute);
      held.ghost = { id: null, kind, column: element.dataset.column, start: held.anchor, length: STEP };
    } else {
      held.grip = minute - block.start;
      held.ghost = { id: block.id, kind, column: element.dataset.column, start: block.start, length: block.length };
    }
    if (touch) {
      held.timer = setTimeout(() => { held.active = true; navigator.vibrate?.(8); live.current.draw(held.ghost); }, HOLD_MS);
    }
    gesture.current = held;
  };
}
