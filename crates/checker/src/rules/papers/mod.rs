//! Y3: papers and questions that could be spared.

rules! {
    reading { fee_without_basis }
    item { zone_issued_material, registry_material, unused_field, proof_without_basis, need_without_mode, idle_tolerance,
        fee_of_nothing, fee_unlike_its_words, entered_elsewhere, fixed_by_nobody,
    }
    thing { field_under_two_names }
    pack { example_refused, material_under_two_names, registry_field_not_wired, registry_does_not_supply, field_never_asked, material_never_asked,
        mask_hides_nothing, question_as_fact, zone_paper_by_title, type_code_twice, registry_key_twice,
        option_label_twice, registry_columns_swapped, registry_from_the_future, registry_without_key, hint_unlike_its_field,
    }
}

/// A title without what does not tell two papers apart: spaces, punctuation, case, and the form in which it is handed in.
fn plain(text: &str) -> String {
    const FORMS: [&str; 8] = ["复印件", "原件", "扫描件", "电子版", "纸质版", "影印件", "正本", "副本"];
    let mut plain: String =
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    while let Some(form) = FORMS.iter().find(|form| plain.ends_with(**form) && plain.len() > form.len()) {
        plain.truncate(plain.len() - form.len());
    }
    plain
}

/// Two of one name are meant to be two when each says in its hint what it is about, and not the same.
fn told_apart(one: Option<&diagnostic::Bilingual>, other: Option<&diagnostic::Bilingual>) -> bool {
    one.zip(other).is_some_and(|(one, other)| one.zh != other.zh)
}
