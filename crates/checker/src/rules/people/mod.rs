//! Y9: whether everybody to whom a thing is open can answer what it asks.

rules! {
    thing { code_of_another_situation, party_without_way }
    pack { resident_number_alone, telephone_without_way_out }
}
