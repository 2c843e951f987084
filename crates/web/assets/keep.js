// What somebody types or chooses is not lost: it is saved while one types, kept on the page while the net is away, and
// files go up as soon as they are chosen. Everything works without this file, by the buttons of the page.
"use strict";
(function () {
  var RETRY = 5000;

  function words(text, name, size) {
    return (text || "").replace("{name}", name).replace("{size}", size);
  }
  function sized(bytes) {
    if (bytes < 1024) return bytes + " B";
    return bytes < 1048576 ? Math.floor(bytes / 1024) + " KB" : (bytes / 1048576).toFixed(1).replace(".0", "") + " MB";
  }

  // ---- Answers: a form with data-autosave is sent in the background a moment after the last change.
  var drafts = [];
  function draft(form) {
    var status = document.querySelector("[data-saved]");
    var buttons = form.querySelectorAll(".actions button[type=submit]");
    var timer = null, busy = null, changed = false, elsewhere = false, failing = false, shut = false;
    function say(key, kind) {
      if (!status) return;
      status.textContent = status.dataset[key] || "";
      status.className = "saved" + (kind ? " " + kind : "");
    }
    function offline(is) {
      buttons.forEach(function (button) { button.disabled = is; });
      if (is) say("offline", "failed");
    }
    // What was saved becomes what this page knows of, so that only somebody else's change counts as one.
    function known(seen) {
      form.querySelectorAll("input[name=seen]").forEach(function (input) {
        var field = input.value.slice(0, input.value.lastIndexOf("="));
        if (field in seen) input.value = field + "=" + seen[field];
      });
    }
    function save() {
      clearTimeout(timer);
      if (busy) return busy.then(function () { return changed ? save() : true; });
      if (!changed) return Promise.resolve(true);
      changed = false;
      say("saving", "busy");
      busy = fetch(form.dataset.autosave, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Autosave": "1" } })
        .then(function (answer) {
          if (answer.status === 409) { elsewhere = true; changed = true; say("elsewhere", "failed"); return false; }
          // This browser may no longer open the draft: trying again cannot help. The page that the button leads to shows
          // what was typed and says how the draft is opened again.
          if ([401, 403, 404, 410].includes(answer.status)) { shut = changed = true; failing = false; say("shut", "failed"); return false; }
          if (!answer.ok) throw new Error("not saved");
          return answer.json().then(function (seen) { known(seen); failing = false; offline(false); say("saved", ""); return true; });
        })
        .catch(function () {
          changed = failing = true;
          offline(!navigator.onLine);
          if (navigator.onLine) say("failed", "failed");
          timer = setTimeout(save, RETRY);
          return false;
        })
        .finally(function () { busy = null; });
      return busy;
    }
    function later(wait) {
      changed = true;
      if (elsewhere || shut) return;
      clearTimeout(timer);
      timer = setTimeout(save, wait);
    }
    form.addEventListener("input", function () { later(800); });
    form.addEventListener("change", function () { later(200); });
    window.addEventListener("online", function () { offline(false); if (changed && !elsewhere && !shut) save(); });
    window.addEventListener("offline", function () { offline(true); });
    form.addEventListener("submit", function (event) {
      clearTimeout(timer);
      if (!navigator.onLine) { event.preventDefault(); offline(true); return; }
      // The server could not be reached a moment ago: the page is left once it can be.
      if (failing) {
        event.preventDefault();
        var button = event.submitter;
        save().then(function (saved) { if (saved) form.requestSubmit(button); });
        return;
      }
      changed = false;
    });
    window.addEventListener("pagehide", function () {
      if (changed && !elsewhere && navigator.sendBeacon) navigator.sendBeacon(form.dataset.autosave, new URLSearchParams(new FormData(form)));
    });
    if (!navigator.onLine) offline(true);
    drafts.push({ save: save, pending: function () { return changed && !navigator.onLine; } });
  }
  document.querySelectorAll("form[data-autosave]").forEach(draft);

  // Changing the language right after typing: what was typed is saved first.
  document.querySelectorAll('form[action="/language"]').forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (!drafts.length || form.dataset.ready) return;
      event.preventDefault();
      event.stopPropagation();
      Promise.all(drafts.map(function (each) { return each.save(); })).finally(function () {
        form.dataset.ready = "1";
        form.submit();
      });
    });
  });

  // ---- Sentences in other forms stay in this tab until they have been taken.
  var place = "kept:" + location.pathname;
  var boxes = Array.prototype.filter.call(document.querySelectorAll("form[method=post] textarea[name]"), function (box) {
    return !box.form.dataset.autosave && !box.readOnly;
  });
  function name(box) { return (box.form.getAttribute("action") || "") + " " + (box.id || box.name); }
  function stored() { try { return JSON.parse(sessionStorage.getItem(place)) || {}; } catch (error) { return {}; } }
  function store(kept) {
    try {
      if (Object.keys(kept).length) sessionStorage.setItem(place, JSON.stringify(kept)); else sessionStorage.removeItem(place);
    } catch (error) { /* A browser that keeps nothing loses nothing that the page promised. */ }
  }
  if (boxes.length) {
    var kept = stored();
    var refused = document.querySelector("[data-refused], .error-summary, .panel.late[role=alert]");
    Object.keys(kept).forEach(function (key) {
      // It was sent, and the page that came says nothing against it.
      if (kept[key].sent && !refused) delete kept[key]; else kept[key].sent = false;
    });
    store(kept);
    boxes.forEach(function (box) {
      var mine = kept[name(box)];
      if (mine && !box.value) {
        box.value = mine.text;
        var fold = box.closest("details");
        if (fold) fold.open = true;
      }
      box.addEventListener("input", function () {
        var now = stored();
        if (box.value) now[name(box)] = { text: box.value }; else delete now[name(box)];
        store(now);
      });
      box.form.addEventListener("submit", function () {
        var now = stored();
        if (now[name(box)]) { now[name(box)].sent = true; store(now); }
      });
    });
  }
  // Whoever signs out leaves nothing behind in the tab.
  document.querySelectorAll('form[action="/sign-out"]').forEach(function (form) {
    form.addEventListener("submit", function () { try { sessionStorage.clear(); } catch (error) { /* nothing kept */ } });
  });

  // ---- Files.
  var waiting = [];
  function state(input) { return input.parentElement.querySelector(".file-state"); }
  function tell(input, text, kind) {
    var line = state(input);
    if (!line) return;
    line.hidden = false;
    line.textContent = text;
    line.className = "file-state " + (kind || "");
  }
  function tooLarge(input) {
    var file = input.files[0], most = Number(input.dataset.max);
    if (!file || !most || file.size <= most) return false;
    tell(input, words(state(input) && state(input).dataset.large, file.name, sized(file.size)), "failed");
    return true;
  }
  // A file that is chosen on the page of papers goes up at once.
  function send(input) {
    var box = input.closest("[data-upload]"), file = input.files[0], line = state(input);
    waiting = waiting.filter(function (each) { return each !== input; });
    if (!file || tooLarge(input)) return;
    waiting.push(input);
    var bar = document.createElement("progress");
    bar.max = 1;
    bar.value = 0;
    tell(input, words(line.dataset.sending, file.name, sized(file.size)), "busy");
    line.appendChild(bar);
    bar.setAttribute("aria-label", line.textContent);
    input.disabled = true;
    var body = new FormData();
    body.append("file", file);
    var request = new XMLHttpRequest();
    request.open("POST", box.dataset.upload);
    request.upload.onprogress = function (event) { if (event.lengthComputable) bar.value = event.loaded / event.total; };
    request.onload = function () {
      input.disabled = false;
      waiting = waiting.filter(function (each) { return each !== input; });
      var fresh = new DOMParser().parseFromString(request.responseText, "text/html");
      var section = box.closest("section"), other = fresh.getElementById(section.getAttribute("aria-labelledby"));
      other = other && other.closest("section");
      if (!other) {
        var title = fresh.querySelector("h1");
        again(input, title ? title.textContent : line.dataset.failed);
        return;
      }
      other = document.importNode(other, true);
      section.replaceWith(other);
      ready(other);
      var done = other.querySelector("ul.files");
      var said = other.querySelector(".file-state");
      if (request.status < 400 && said) {
        var note = document.createElement("p");
        note.className = "file-state good";
        note.setAttribute("role", "status");
        note.textContent = words(line.dataset.sent, file.name, "");
        if (done) done.after(note);
        var next = fresh.querySelector("button[name=go][value=check]"), mine = document.querySelector("button[name=go][value=check]");
        if (next && mine) mine.className = next.className;
      } else {
        var control = other.querySelector("input[type=file]");
        if (control) control.focus();
      }
    };
    request.onerror = function () {
      input.disabled = false;
      again(input, navigator.onLine ? line.dataset.failed : line.dataset.net);
    };
    request.send(body);
  }
  function again(input, text) {
    tell(input, text + " ", "failed");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "button second small";
    button.textContent = state(input).dataset.again;
    button.addEventListener("click", function () { send(input); });
    state(input).appendChild(button);
    if (waiting.indexOf(input) < 0) waiting.push(input);
  }
  window.addEventListener("online", function () { waiting.slice().forEach(function (input) { if (!input.disabled) send(input); }); });
  function ready(within) {
    within.querySelectorAll("[data-upload]").forEach(function (box) {
      // The button sends what is chosen; here choosing is sending.
      box.querySelectorAll("button[type=submit]").forEach(function (button) { button.hidden = true; });
    });
    within.querySelectorAll("input[type=file]").forEach(function (input) {
      input.addEventListener("change", function () {
        if (input.closest("[data-upload]")) send(input); else tooLarge(input);
      });
    });
  }
  ready(document);
  // Other forms with files: what is on its way is said, and the button rests.
  document.querySelectorAll('form[enctype="multipart/form-data"]').forEach(function (form) {
    form.addEventListener("submit", function (event) {
      var inputs = Array.prototype.filter.call(form.querySelectorAll("input[type=file]"), function (input) { return input.files.length; });
      if (inputs.some(tooLarge)) { event.preventDefault(); event.stopImmediatePropagation(); return; }
      sent = true;
      if (!inputs.length || !state(inputs[0])) return;
      var all = inputs.reduce(function (sum, input) { return sum + input.files[0].size; }, 0);
      tell(inputs[0], words(state(inputs[0]).dataset.all, "", sized(all)), "busy");
      state(inputs[0]).appendChild(document.createElement("progress"));
    });
  });

  // Somebody who leaves with a file that is not sent, or with words that the net kept from being saved, is asked first.
  var sent = false;
  window.addEventListener("pageshow", function () { sent = false; });
  window.addEventListener("beforeunload", function (event) {
    var chosen = Array.prototype.some.call(document.querySelectorAll("input[type=file]"), function (input) { return input.files.length > 0; });
    var unsaved = drafts.some(function (each) { return each.pending(); });
    if ((chosen && !sent) || unsaved) event.preventDefault();
  });
})();
