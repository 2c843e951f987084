//! Y9: whether everybody to whom a thing is open can answer what it asks.

rules! {
    item { holder_by_wrong_kind }
    thing { code_of_another_situation, party_without_way, applicant_by_wrong_kind, applicant_without_name }
    pack { resident_number_alone, telephone_without_way_out, department_code_twice, holder_twice }
}
