//! Credit codes, resident numbers, regions, case numbers: parse, check digit, print.
