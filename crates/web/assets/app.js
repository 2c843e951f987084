// Everything works without this file. It moves the focus and gives officers their keys; keep.js saves what one types and chooses.
"use strict";
(function () {
  var first = document.querySelector("[data-focus]");
  if (first) first.focus();

  // A form is sent once; the server would notice a second time too.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  // "Use my position" shows only where the browser can.
  document.querySelectorAll("[data-locate]").forEach(function (button) {
    if (!navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.geolocation.getCurrentPosition(function (position) {
        var input = document.getElementById(button.dataset.locate);
        input.value = position.coords.latitude.toFixed(6) + "," + position.coords.longitude.toFixed(6);
        input.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
  });

  // Wall screens load again by themselves, but never under the hands of somebody who works on the page.
  var every = Number(document.documentElement.dataset.refresh);
  if (every > 0) {
    var touched = 0;
    ["keydown", "pointerdown", "scroll"].forEach(function (act) {
      document.addEventListener(act, function () { touched = Date.now(); }, { passive: true });
    });
    setInterval(function () { if (Date.now() - touched > every * 1000) location.reload(); }, every * 1000);
  }

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  // A kiosk with a printer prints its slip at once; browsers of kiosks are started so that they do not ask.
  if (document.querySelector("[data-auto-print]") && matchMedia("(display-mode: fullscreen), (display-mode: standalone)").matches) window.print();

  // Then the machine goes back to the next person, unless this one still touches it.
  document.querySelectorAll("[data-return]").forEach(function (slip) {
    var leave = function () { location.assign(slip.dataset.return); };
    var timer = setTimeout(leave, Number(slip.dataset.returnSeconds) * 1000);
    document.addEventListener("pointerdown", function () { clearTimeout(timer); timer = setTimeout(leave, 60000); });
  });

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.copied || button.textContent;
    });
  });

  // Keys for officers: Alt+letter presses the control that shows it; j and k walk through a worklist.
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.altKey && !event.ctrlKey && !event.metaKey && event.key.length === 1) {
      var wanted = document.querySelector('[data-key="' + event.key.toLowerCase() + '"]');
      if (wanted) { event.preventDefault(); wanted.click(); wanted.focus(); }
      return;
    }
    if (typing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "/") {
      var search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); search.focus(); }
      return;
    }
    var links = Array.prototype.slice.call(document.querySelectorAll("[data-row]"));
    if (!links.length || (event.key !== "j" && event.key !== "k")) return;
    var at = links.indexOf(document.activeElement);
    var next = links[Math.max(0, Math.min(links.length - 1, at + (event.key === "j" ? 1 : -1)))];
    next.focus();
    links.forEach(function (link) { link.closest("tr").setAttribute("aria-selected", String(link === next)); });
  });

  // The digest of a scanned code stands behind the # and never reaches the server: it is compared here.
  document.querySelectorAll("[data-digest]").forEach(function (line) {
    var scanned = location.hash.slice(1);
    if (!scanned) return;
    var same = scanned === line.dataset.digest;
    line.textContent = same ? line.dataset.same : line.dataset.different;
    line.className = "panel " + (same ? "good" : "late");
  });
})();
