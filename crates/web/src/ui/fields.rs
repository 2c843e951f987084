//! Questions as form controls: the right keyboard on a phone, the problem at the field, what is typed never lost.

use catalogue::{Bilingual, Choice, Field, FieldId, FieldKind};
use expression::Value;
use form::{CONTROL_PREFIX, Raw};
use identifier::IdentifierKind;
use maud::{Markup, html};

use crate::shell::Shell;

/// A field to be drawn. `value` is what holds, `typed` what was typed and could not be read.
#[derive(Debug)]
pub struct FieldView<'a> {
    pub field: &'a Field,
    pub label: &'a Bilingual,
    pub hint: Option<&'a Bilingual>,
    pub value: Option<&'a Value>,
    pub typed: Option<&'a Raw>,
    pub problems: Vec<String>,
    pub required: bool,
    /// It was said that there is none.
    pub none: bool,
    /// Drawn under the control: why it is asked.
    pub why: Markup,
}

/// More options than this become a list that opens.
const RADIOS_MAX: usize = 7;

/// The anchor of a field, for error summaries.
pub fn anchor(field: &FieldId) -> String {
    format!("f-{}", field.as_str().replace(char::is_whitespace, "-"))
}

/// One question.
pub fn field(shell: &Shell, view: &FieldView<'_>) -> Markup {
    let id = anchor(&view.field.id);
    let name = format!("{CONTROL_PREFIX}{}", view.field.id);
    let hint_id = format!("{id}-hint");
    let problem_id = format!("{id}-problem");
    let wrong = !view.problems.is_empty();
    let mut described = Vec::new();
    if view.hint.is_some() {
        described.push(hint_id.as_str());
    }
    if wrong {
        described.push(problem_id.as_str());
    }
    let described = (!described.is_empty()).then(|| described.join(" "));
    let grouped =
        matches!(&view.field.kind, FieldKind::YesNo | FieldKind::Choices { .. } | FieldKind::Rows { .. })
            || matches!(&view.field.kind, FieldKind::Choice { options } if options.len() <= RADIOS_MAX);
    let label = html! {
        (shell.say(view.label))
        @if !view.required { " " span.quiet { (shell.w.t("form-optional")) } }
    };
    let around = html! {
        @if let Some(hint) = view.hint { p.hint id=(hint_id) { (shell.say(hint)) } }
        @if wrong { div id=(problem_id) { @for problem in &view.problems { p.problem { span.visually-hidden { (shell.w.t("form-problem-mark")) } (problem) } } } }
    };
    let control = html! {
        (control(shell, view, &id, &name, described.as_deref(), wrong))
        @if let Some(absent) = &view.field.absent {
            label.choice {
                input type="checkbox" name=(name) value=(shell.say(absent)) checked[view.none];
                span { (shell.say(absent)) }
            }
        }
    };
    html! {
        @if grouped {
            fieldset.question.wrong[wrong] id=(id) aria-describedby=[described.as_deref()] tabindex=[wrong.then_some("-1")] {
                legend { (label) } (around) (control) (view.why)
            }
        } @else {
            div.question.wrong[wrong] { label for=(id) { (label) } (around) (control) (view.why) }
        }
    }
}

/// The button that asks for one more row, and sends the form for nothing else.
pub const ADD_ROW: &str = "add-row";

fn control(
    shell: &Shell,
    view: &FieldView<'_>,
    id: &str,
    name: &str,
    described: Option<&str>,
    wrong: bool,
) -> Markup {
    let field = view.field;
    let text = match (view.typed, view.value) {
        (Some(Raw::One(typed)), _) => typed.clone(),
        (None, Some(value)) => form::edit_text(field, value),
        _ => String::new(),
    };
    let chosen: Vec<String> = match (view.typed, view.value) {
        (Some(Raw::One(typed)), _) => vec![typed.clone()],
        (Some(Raw::Many(typed)), _) => typed.clone(),
        (Some(Raw::Rows(_)), _) | (None, None) => Vec::new(),
        (None, Some(Value::Choices(chosen))) => chosen.iter().map(|one| one.to_string()).collect(),
        (None, Some(value)) => vec![form::edit_text(field, value)],
    };
    let is_chosen = |value: &str| chosen.iter().any(|one| one == value);
    let input = |kind: &str, mode: Option<&str>, class: &str, complete: Option<&str>| {
        html! {
            input type=(kind) id=(id) name=(name) value=(text) class=(class) inputmode=[mode] autocomplete=[complete]
                aria-describedby=[described] aria-invalid=[wrong.then_some("true")] aria-required=[view.required.then_some("true")];
        }
    };
    let with_unit = |unit: &str, input: Markup| html! { div.with-unit { (input) span.unit { (unit) } } };
    match &field.kind {
        FieldKind::Text { multiline: true, .. } => html! {
            textarea id=(id) name=(name) rows="5" aria-describedby=[described] aria-invalid=[wrong.then_some("true")] { (text) }
        },
        FieldKind::Text { max_length, .. } => {
            input("text", None, if *max_length <= 20 { "w-medium" } else { "w-long" }, None)
        }
        FieldKind::Number { unit, decimals, .. } => {
            let mode = if *decimals == 0 { "numeric" } else { "decimal" };
            let input = input("text", Some(mode), "w-short", None);
            match unit {
                Some(unit) => with_unit(shell.say(unit), input),
                None => input,
            }
        }
        FieldKind::Money { .. } => {
            with_unit(&shell.w.t("unit-yuan"), input("text", Some("decimal"), "w-medium", None))
        }
        // A date that could not be read would be dropped by a date control, so it comes back as text.
        FieldKind::Date { .. } if view.typed.is_some() => input("text", None, "w-medium", None),
        FieldKind::Date { .. } => input("date", None, "w-medium", None),
        FieldKind::YesNo => {
            let options = [("true", shell.w.t("yes")), ("false", shell.w.t("no"))];
            let yes = match (view.typed, view.value) {
                (None, Some(Value::Bool(yes))) => yes.to_string(),
                _ => text.clone(),
            };
            html! {
                div.choices.inline {
                    @for (value, label) in options {
                        label.choice { input type="radio" name=(name) value=(value) checked[yes == value]; span { (label) } }
                    }
                }
            }
        }
        FieldKind::Choice { options } if options.len() <= RADIOS_MAX => {
            choices(shell, name, options, "radio", &is_chosen)
        }
        FieldKind::Choice { options } => html! {
            select id=(id) name=(name) aria-describedby=[described] aria-invalid=[wrong.then_some("true")] {
                option value="" { (shell.w.t("form-choose")) }
                @for option in options {
                    option value=(option.value) selected[is_chosen(&option.value)] { (shell.say(&option.label)) }
                }
            }
        },
        FieldKind::Choices { options } => html! {
            // Without it, "none of them" could not be told from "not sent".
            input type="hidden" name=(name) value="";
            (choices(shell, name, options, "checkbox", &is_chosen))
        },
        FieldKind::Identifier { identifier, also } if !also.is_empty() => html! {
            (papers(shell, field, &format!("{id}-kind"), name, &text))
            input type="text" id=(id) name=(name) value=(identifier::split_paper(*identifier, &text).1) class="w-long mono" autocapitalize="characters" autocomplete="off" spellcheck="false"
                aria-describedby=[described] aria-invalid=[wrong.then_some("true")];
        },
        FieldKind::Identifier { identifier, .. } => match identifier {
            IdentifierKind::Mobile | IdentifierKind::Phone => {
                input("tel", Some("tel"), "w-medium", Some("tel"))
            }
            _ => html! {
                input type="text" id=(id) name=(name) value=(text) class="w-long mono" autocapitalize="characters" autocomplete="off" spellcheck="false"
                    aria-describedby=[described] aria-invalid=[wrong.then_some("true")];
            },
        },
        FieldKind::Address => input("text", None, "", Some("street-address")),
        FieldKind::Phone => input("tel", Some("tel"), "w-medium", Some("tel")),
        FieldKind::Location => html! {
            div.with-unit {
                (input("text", None, "w-medium", None))
                button.button.second.small type="button" data-locate=(id) hidden { (shell.w.t("form-locate")) }
            }
        },
        FieldKind::File { .. } => html! {
            @if text.is_empty() { p.quiet { (shell.w.t("form-file-none")) } } @else { p { (shell.w.t("form-file-there")) } }
            button.button.second.small type="submit" name="attach" value=(field.id) { (shell.w.t("form-file-add")) }
        },
        FieldKind::Rows { columns, max_rows, .. } => rows(shell, view, columns, name, *max_rows as usize),
    }
}

/// Which paper the number is of. It is sent before the number, and [`raw_answers`] puts the two together.
///
/// [`raw_answers`]: form::raw_answers
fn papers(shell: &Shell, field: &Field, id: &str, name: &str, text: &str) -> Markup {
    let kinds = field.papers();
    let usual = kinds.first().copied().unwrap_or(IdentifierKind::Other);
    let chosen = identifier::split_paper(usual, text).0;
    let lang = match shell.lang {
        catalogue::Lang::Zh => identifier::Lang::Zh,
        catalogue::Lang::En => identifier::Lang::En,
    };
    html! {
        label.visually-hidden for=(id) { (shell.w.with("form-paper-kind", &[("label", shell.say(&field.label).into())])) }
        select.paper-kind id=(id) name=(name) {
            @for kind in kinds { option value=(format!("{kind}:")) selected[kind == chosen] { (kind.document(lang)) } }
        }
    }
}

fn choices(
    shell: &Shell,
    name: &str,
    options: &[Choice],
    kind: &str,
    chosen: &dyn Fn(&str) -> bool,
) -> Markup {
    html! {
        div.choices {
            @for option in options {
                label.choice {
                    input type=(kind) name=(name) value=(option.value) checked[chosen(&option.value)];
                    span { (shell.say(&option.label)) }
                }
            }
        }
    }
}

fn rows(shell: &Shell, view: &FieldView<'_>, columns: &[Field], name: &str, max_rows: usize) -> Markup {
    let filled = match (view.typed, view.value) {
        (Some(Raw::Rows(rows)), _) => rows.len(),
        (None, Some(Value::Rows(rows))) => rows.len(),
        _ => 0,
    };
    let cell = |row: usize, column: &Field| -> String {
        match (view.typed, view.value) {
            (Some(Raw::Rows(rows)), _) => match rows.get(row).and_then(|row| row.get(&column.id)) {
                Some(Raw::One(text)) => text.clone(),
                _ => String::new(),
            },
            (None, Some(Value::Rows(rows))) => rows
                .get(row)
                .and_then(|row| row.get(column.id.as_str()))
                .map(|value| form::edit_text(column, value))
                .unwrap_or_default(),
            _ => String::new(),
        }
    };
    // One empty row more than there are, so that a row can be added without script.
    let drawn = (filled + 1).clamp(1, max_rows.max(1));
    html! {
        @for row in 0..drawn {
            div.card {
                p.small.quiet { (shell.w.with("form-row", &[("row", (row + 1).into())])) }
                @for column in columns {
                    @let text = cell(row, column);
                    @let cell_name = format!("{name}.{row}.{}", column.id);
                    @let cell_id = format!("{}-{row}-{}", anchor(&view.field.id), column.id);
                    div.question {
                        label for=(cell_id) { (shell.say(&column.label)) }
                        @match &column.kind {
                            FieldKind::Choice { options } => {
                                select id=(cell_id) name=(cell_name) {
                                    option value="" { (shell.w.t("form-choose")) }
                                    @for option in options { option value=(option.value) selected[*option.value == *text] { (shell.say(&option.label)) } }
                                }
                            }
                            FieldKind::YesNo => {
                                select id=(cell_id) name=(cell_name) {
                                    option value="" { (shell.w.t("form-choose")) }
                                    option value="true" selected[matches!(text.as_str(), "true" | "yes" | "是")] { (shell.w.t("yes")) }
                                    option value="false" selected[matches!(text.as_str(), "false" | "no" | "否")] { (shell.w.t("no")) }
                                }
                            }
                            FieldKind::Number { .. } | FieldKind::Money { .. } => { input type="text" inputmode="decimal" id=(cell_id) name=(cell_name) value=(text); }
                            FieldKind::Identifier { identifier, also } if !also.is_empty() => {
                                (papers(shell, column, &format!("{cell_id}-kind"), &cell_name, &text))
                                input type="text" id=(cell_id) name=(cell_name) value=(identifier::split_paper(*identifier, &text).1);
                            }
                            FieldKind::Phone => { input type="tel" id=(cell_id) name=(cell_name) value=(text); }
                            _ => { input type="text" id=(cell_id) name=(cell_name) value=(text); }
                        }
                    }
                }
            }
        }
        @if drawn < max_rows { button.button.second.small type="submit" name=(ADD_ROW) value="1" { (shell.w.t("form-add-row")) } }
    }
}
