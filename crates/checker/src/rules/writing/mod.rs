//! Y0: how the pack is written.

rules! {
    reading {
        malformed, full_width, tab, missing_space, unsupported, encoding, too_deep, duplicate_key, duplicate_name,
        unknown_key, missing_key, wrong_type, unknown_word, unknown_name, missing_translation, empty_text, bad_value,
        invalid_code, condition_syntax, condition_type, condition_name, stray_file, missing_file, registry_table,
        bad_placeholder, story_unreadable, story_mismatch, byte_order_mark, misplaced_key, hall_table,
    }
}
