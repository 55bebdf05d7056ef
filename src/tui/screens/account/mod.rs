//! What is done to one account, wherever it is shown: in the list, in the details.

mod changing;
mod copying;
mod revealing;

pub use changing::{delete_all, favourite_all, save, spoken, swap, turn};
pub use copying::copy_waiting;
pub use revealing::reveal;

use super::{form::Form, menu::Menu, qr::Phone, tags::Tags};
use crate::{
    otp::Kind,
    tui::{action::Do, context::Context, message::Message, screen::Step, widgets::cut},
    vault::Account,
};

/// What can be done to an account.
pub const ACTIONS: [Do; 10] = [
    Do::Copy,
    Do::CopyNext,
    Do::Reveal,
    Do::Edit,
    Do::Delete,
    Do::Phone,
    Do::Favourite,
    Do::Tags,
    Do::Count,
    Do::CountBack,
];

/// The menu of them for one account.
pub fn menu(account: &Account, cx: &Context) -> Menu {
    let is_hotp = matches!(account.otp.kind, Kind::Hotp { .. });
    let fits = |action: &Do| match action {
        Do::Count | Do::CountBack => is_hotp,
        Do::CopyNext => !is_hotp,
        _ => true,
    };
    let title = cut(&spoken(account), 40, cx.symbols);
    Menu::new(title, ACTIONS.into_iter().filter(fits).collect())
}

/// Does one of the [`ACTIONS`].
pub fn act(action: Do, account: &Account, cx: &mut Context) -> Step {
    match action {
        Do::Copy => copying::copy(account, false, cx),
        Do::CopyNext => copying::copy(account, true, cx),
        Do::Reveal => reveal(account.id.clone(), cx),
        Do::Phone => return Step::Push(Box::new(Phone::new(account, cx))),
        _ if cx.may_change() => return change(action, account, cx),
        _ => {}
    }
    Step::Stay
}

fn change(action: Do, account: &Account, cx: &mut Context) -> Step {
    match action {
        Do::Edit => return Step::Push(Box::new(Form::edit(account, cx))),
        Do::Tags => return Step::Push(Box::new(Tags::new(account))),
        Do::Delete => changing::delete(account, cx),
        Do::Favourite => changing::favourite(account, cx),
        Do::Count => changing::count(account, cx),
        Do::CountBack => return changing::count_back(account, cx),
        _ => {}
    }
    Step::Stay
}

/// Takes in the answer to one of the [`ACTIONS`]. It reaches the list, under whatever is open.
pub fn answered(message: &Message, cx: &mut Context) {
    match message {
        Message::Counted(id, code) => {
            cx.desk.counted(id.clone(), code.clone());
            reveal(id.clone(), cx);
            cx.done("Counted. The code stays until the next +.");
        }
        Message::Turned(back, what) => turned(*back, what.as_deref(), cx),
        Message::NotChanged(_, error) => cx.fail(crate::tui::notice::sentence(error)),
        _ => {}
    }
}

fn turned(back: bool, what: Option<&str>, cx: &mut Context) {
    match (back, what) {
        (true, Some(what)) => {
            cx.done(format!("Undone: {what}. {} does it again.", cx.keymap.shown(Do::Redo)));
        }
        (false, Some(what)) => {
            cx.done(format!("Done again: {what}. {} undoes it.", cx.keymap.shown(Do::Undo)));
        }
        (true, None) => cx.say("There is nothing to undo."),
        (false, None) => cx.say("There is nothing to do again."),
    }
}
