//! How long a file and a function may be, and that a file says what lives in it.

use super::sheet::Sheet;

const FILE: usize = 400;
const FUNCTION: usize = 60;

pub(super) fn offences(sheets: &[Sheet]) -> Vec<String> {
    let mut offences = Vec::new();
    for sheet in sheets {
        if !sheet.speaks {
            offences.push(sheet.at(1, "it does not begin with //! and what lives there"));
        }
        if sheet.lines > FILE {
            offences.push(sheet.at(1, &format!("{} lines; {FILE} are the limit", sheet.lines)));
        }
        for function in sheet.functions.iter().filter(|function| function.lines > FUNCTION) {
            let (name, lines) = (&function.name, function.lines);
            let sentence = format!("{name} has {lines} lines; {FUNCTION} are the limit");
            offences.push(sheet.at(function.line, &sentence));
        }
    }
    offences
}
