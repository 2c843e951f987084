// Pages that show what happens in a hall. Without this file they load again by themselves; with it they change in place,
// speak where somebody wants to hear it, and come back by themselves when the server does.
"use strict";
(function () {
  var address = document.documentElement.dataset.live;
  var state = document.querySelector("[data-live-state]");
  var calm = state ? state.textContent : "";
  var busy = false;
  var again = false;
  var failures = 0;

  function lost(is) {
    if (!state) return;
    state.textContent = is ? state.dataset.lost : calm;
    state.classList.toggle("lost", is);
  }

  // Somebody who types or has opened something in a region keeps it as it is.
  function busyWith(region) {
    var active = document.activeElement;
    if (active && region.contains(active) && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName)) return true;
    return Array.prototype.some.call(region.querySelectorAll("details.act[open]"), function () { return true; });
  }

  function swap(text) {
    var fresh = new DOMParser().parseFromString(text, "text/html");
    document.querySelectorAll("[data-region]").forEach(function (region) {
      if (busyWith(region)) return;
      var other = fresh.querySelector('[data-region="' + region.dataset.region + '"]');
      if (!other || other.innerHTML === region.innerHTML) return;
      var open = Array.prototype.map.call(region.querySelectorAll("details"), function (each) { return each.open; });
      var focused = region.contains(document.activeElement) && document.activeElement.dataset.key;
      region.replaceChildren.apply(region, Array.prototype.slice.call(document.importNode(other, true).childNodes));
      region.querySelectorAll("details").forEach(function (each, place) { if (open[place]) each.open = true; });
      if (focused) {
        var key = region.querySelector('[data-key="' + focused + '"]');
        if (key) key.focus();
      }
    });
    if (fresh.title) document.title = fresh.title;
    say();
    come();
  }

  function look() {
    if (busy) { again = true; return; }
    busy = true;
    fetch(location.href, { headers: { "X-Live": "1" }, cache: "no-store" })
      .then(function (answer) {
        if (answer.redirected || !answer.ok) throw new Error("not this page");
        return answer.text();
      })
      .then(function (text) { failures = 0; lost(false); swap(text); })
      .catch(function () { failures += 1; lost(true); })
      .finally(function () { busy = false; if (again) { again = false; look(); } });
  }

  // Called numbers are said once, in the order in which they were called.
  var said = {};
  var voice = document.querySelector("[data-voice]");
  var aloud = false;
  var first = true;
  function say() {
    var calls = Array.prototype.slice.call(document.querySelectorAll("[data-say]")).reverse();
    calls.forEach(function (call) {
      var id = call.dataset.sayId;
      if (said[id]) return;
      said[id] = true;
      if (first || !aloud || !window.speechSynthesis) return;
      var words = new SpeechSynthesisUtterance(call.dataset.say);
      words.lang = call.dataset.sayLang;
      words.rate = 0.9;
      speechSynthesis.speak(words);
    });
    first = false;
  }
  if (voice && window.speechSynthesis) {
    voice.hidden = false;
    voice.setAttribute("aria-pressed", "false");
    var off = voice.textContent;
    voice.addEventListener("click", function () {
      aloud = !aloud;
      voice.textContent = aloud ? voice.dataset.on : off;
      voice.setAttribute("aria-pressed", String(aloud));
      if (aloud) {
        var test = new SpeechSynthesisUtterance(" ");
        speechSynthesis.speak(test);
      } else {
        speechSynthesis.cancel();
      }
    });
  }

  // “Come now”: the phone shakes once.
  var came = Boolean(document.querySelector("[data-come]"));
  function come() {
    var now = Boolean(document.querySelector("[data-come]"));
    if (now && !came && navigator.vibrate) navigator.vibrate([300, 150, 300]);
    came = now;
  }

  say();
  if (address && window.EventSource) {
    var source = new EventSource(address);
    source.addEventListener("changed", look);
    source.onopen = function () { if (failures > 0) look(); };
    source.onerror = function () {
      lost(true);
      // Some answers end the connection for good; then a new one is tried, more slowly each time.
      if (source.readyState === 2) setTimeout(function () { location.reload(); }, Math.min(30000, 3000 * (failures + 1)));
    };
  }
  // Time passes too: waits and clocks change without any event.
  setInterval(look, 20000);
})();
