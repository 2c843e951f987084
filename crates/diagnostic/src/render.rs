//! Diagnostics as text for a terminal, drawn by `annotate-snippets`.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

use crate::source::floor_boundary;
use crate::{Diagnostic, Label, Lang, RedTape, Severity, Source, Sources, Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Style {
    pub lang: Lang,
    /// ANSI colours; off for files and pipes.
    pub colour: bool,
}

impl Style {
    pub fn plain(lang: Lang) -> Self {
        Style { lang, colour: false }
    }
}

/// One finding as text for a terminal, without a final line break.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let lang = style.lang;
    let level = level(diagnostic.severity, lang);
    let title = level.primary_title(diagnostic.message.get(lang)).id(diagnostic.code.0);
    let mut group = Group::with_title(title);
    for (source, labels) in by_source(diagnostic, sources) {
        let snippet = Snippet::source(&*source.text).path(&*source.name).fold(true);
        group = group.element(snippet.annotations(labels.into_iter().map(|(kind, label)| {
            let text = label.text.get(lang);
            annotation(source, label.span, kind).label((!text.is_empty()).then_some(text))
        })));
    }
    let mut footers = Vec::new();
    if let Some(help) = &diagnostic.help {
        footers.push(help.get(lang).to_owned());
    }
    if let Some(fix) = diagnostic.fix.as_ref() {
        footers.push(fix_sentence(&fix.replacement, lang));
    }
    for footer in footers {
        group = group.element(help_level(lang).message(footer));
    }
    if let Some(cost) = diagnostic.cost.filter(|cost| !cost.is_zero()) {
        group = group.element(saving_level(lang).message(saving(cost, lang)));
    }
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// All findings in the given order, then their counts and what fixing them would save.
pub fn render_all(diagnostics: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&render(diagnostic, sources, style));
        out.push_str("\n\n");
    }
    let count = |severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let (errors, warnings, advice) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Advice));
    out.push_str(&match style.lang {
        Lang::Zh => format!("{errors} 个错误，{warnings} 个警告，{advice} 条建议\n"),
        Lang::En => {
            let counted = |count: usize, one: &str, many: &str| {
                format!("{count} {}", if count == 1 { one } else { many })
            };
            let errors = counted(errors, "error", "errors");
            let warnings = counted(warnings, "warning", "warnings");
            format!("{errors}, {warnings}, {}\n", counted(advice, "piece of advice", "pieces of advice"))
        }
    });
    let total = RedTape::total(diagnostics);
    if !total.is_zero() {
        let sentence = total.sentence();
        out.push_str(&match style.lang {
            Lang::Zh => format!("改好后每位申请人可{}\n", sentence.zh),
            Lang::En => format!("Mending all of it {} per applicant\n", sentence.en),
        });
    }
    out
}

fn saving(cost: RedTape, lang: Lang) -> String {
    let sentence = cost.sentence();
    match lang {
        Lang::Zh => format!("改好后每位申请人可{}", sentence.zh),
        Lang::En => format!("mending this {} per applicant", sentence.en),
    }
}

fn fix_sentence(replacement: &str, lang: Lang) -> String {
    match (lang, replacement.is_empty()) {
        (Lang::Zh, false) => format!("改为：{replacement}"),
        (Lang::En, false) => format!("replace by: {replacement}"),
        (Lang::Zh, true) => "删去这一处".to_owned(),
        (Lang::En, true) => "delete this".to_owned(),
    }
}

fn level(severity: Severity, lang: Lang) -> Level<'static> {
    match severity {
        Severity::Error => named(Level::ERROR, severity, lang),
        Severity::Warning => named(Level::WARNING, severity, lang),
        Severity::Advice => named(Level::INFO, severity, lang),
    }
}

fn named(level: Level<'static>, severity: Severity, lang: Lang) -> Level<'static> {
    level.with_name(match (severity, lang) {
        (Severity::Error, Lang::Zh) => "错误",
        (Severity::Warning, Lang::Zh) => "警告",
        (Severity::Advice, Lang::Zh) => "建议",
        (_, Lang::En) => severity.as_str(),
    })
}

fn help_level(lang: Lang) -> Level<'static> {
    Level::HELP.with_name(match lang {
        Lang::Zh => "办法",
        Lang::En => "help",
    })
}

fn saving_level(lang: Lang) -> Level<'static> {
    Level::NOTE.with_name(match lang {
        Lang::Zh => "减负",
        Lang::En => "saving",
    })
}

type Labels<'a> = Vec<(AnnotationKind, &'a Label)>;

/// The labels grouped by source; the group of the primary label comes first.
fn by_source<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<(&'a Source, Labels<'a>)> {
    let all = std::iter::once((AnnotationKind::Primary, &diagnostic.primary))
        .chain(diagnostic.secondary.iter().map(|label| (AnnotationKind::Context, label)));
    let mut groups: Vec<(crate::SourceId, &Source, Labels<'a>)> = Vec::new();
    for (kind, label) in all {
        let id = label.span.source;
        let Some(source) = sources.get(id) else { continue };
        match groups.iter_mut().find(|group| group.0 == id) {
            Some(group) => group.2.push((kind, label)),
            None => groups.push((id, source, vec![(kind, label)])),
        }
    }
    groups.into_iter().map(|(_, source, labels)| (source, labels)).collect()
}

/// Clamps a span that does not fit its text: a wrong underline is better than no report.
fn annotation<'a>(source: &Source, span: Span, kind: AnnotationKind) -> Annotation<'a> {
    let start = floor_boundary(&source.text, span.start);
    let end = floor_boundary(&source.text, span.end.max(start));
    kind.span(start..end.max(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bilingual, Code};

    fn example() -> (Sources, Diagnostic) {
        let mut sources = Sources::new();
        let text = "名称: 甲事项\n条件: 营业面机 > 200\n时限: 20\n";
        let id = sources.add("items/甲.yaml", text);
        let fields = sources.add("fields/乙.yaml", "营业面积:\n  类型: 数字\n");
        let start = text.find("营业面机").expect("the example has it");
        let at = Span::new(id, start, start + 12);
        let diagnostic =
            Diagnostic::warning(Code("Y005"), Bilingual::new("没有这个数据元", "no such field"), at)
                .with_label(Bilingual::new("“营业面机”没有定义", "not defined"))
                .with_secondary(Span::new(fields, 0, 12), Bilingual::new("是不是它？", "this one?"))
                .with_help(Bilingual::new("先在 fields/ 里定义", "define it in fields/ first"))
                .with_fix(at, "营业面积")
                .with_cost(RedTape { questions: 1, papers: 0, visits: 2 });
        (sources, diagnostic)
    }

    #[test]
    fn a_finding_reads_in_chinese_with_the_underline_under_the_words() {
        let (sources, diagnostic) = example();
        let text = render(&diagnostic, &sources, Style::plain(Lang::Zh));
        let expected = [
            "警告[Y005]: 没有这个数据元",
            " --> items/甲.yaml:2:5",
            "  |",
            "2 | 条件: 营业面机 > 200",
            "  |       ^^^^^^^^ “营业面机”没有定义",
            "  |",
            " ::: fields/乙.yaml:1:1",
            "  |",
            "1 | 营业面积:",
            "  | -------- 是不是它？",
            "  |",
            "  = 办法: 先在 fields/ 里定义",
            "  = 办法: 改为：营业面积",
            "  = 减负: 改好后每位申请人可少问 1 项、少跑 2 趟",
        ];
        assert_eq!(text, expected.join("\n"));
    }

    #[test]
    fn a_finding_reads_in_english() {
        let (sources, diagnostic) = example();
        let text = render(&diagnostic, &sources, Style::plain(Lang::En));
        let expected = [
            "warning[Y005]: no such field",
            " --> items/甲.yaml:2:5",
            "  |",
            "2 | 条件: 营业面机 > 200",
            "  |       ^^^^^^^^ not defined",
            "  |",
            " ::: fields/乙.yaml:1:1",
            "  |",
            "1 | 营业面积:",
            "  | -------- this one?",
            "  |",
            "  = help: define it in fields/ first",
            "  = help: replace by: 营业面积",
            "  = saving: mending this saves 1 question, 2 visits per applicant",
        ];
        assert_eq!(text, expected.join("\n"));
    }

    #[test]
    fn colour_only_adds_escapes() {
        let (sources, diagnostic) = example();
        let coloured = render(&diagnostic, &sources, Style { lang: Lang::Zh, colour: true });
        let mut plain = String::new();
        let mut rest = coloured.as_str();
        while let Some(at) = rest.find("\u{1b}[") {
            plain.push_str(&rest[..at]);
            let end = rest[at..].find('m').expect("an escape ends in m");
            rest = &rest[at + end + 1..];
        }
        plain.push_str(rest);
        assert!(coloured.len() > plain.len());
        assert_eq!(plain, render(&diagnostic, &sources, Style::plain(Lang::Zh)));
    }

    #[test]
    fn a_span_outside_its_text_is_still_shown() {
        let (sources, mut diagnostic) = example();
        for (start, end) in [(0, 100_000), (100_000, 100_001), (1, 2), (5, 3), (0, 0)] {
            diagnostic.primary.span.start = start;
            diagnostic.primary.span.end = end;
            assert!(render(&diagnostic, &sources, Style::plain(Lang::Zh)).contains("Y005"));
        }
        diagnostic.primary.span.source = crate::SourceId(99);
        assert!(render(&diagnostic, &sources, Style::plain(Lang::Zh)).contains("Y005"));
    }

    #[test]
    fn a_report_ends_with_the_counts_and_the_saving() {
        let (sources, diagnostic) = example();
        let text = render_all(&[diagnostic.clone(), diagnostic], &sources, Style::plain(Lang::Zh));
        assert!(
            text.ends_with("0 个错误，2 个警告，0 条建议\n改好后每位申请人可少问 2 项、少跑 4 趟\n"),
            "{text}"
        );
    }
}
