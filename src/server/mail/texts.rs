//! What letters say. Short, plain text, in English; the code stands alone on its line.

use crate::server::{
    domain::{factor::Factor, mail_code, sign_in::Message, time::Time},
    store::letters::{Channel, Letter},
};

/// A code for a sign-in.
pub fn code(factor: Factor, application: &str, message: &Message, now: Time) -> Letter {
    let minutes = mail_code::LIFE.as_secs() / 60;
    let code = message.code.expose();
    let until = now.after(mail_code::LIFE);
    if factor == Factor::Sms {
        let text = format!("{code} is your code for {application}. It is good for {minutes} minutes.");
        return Letter { channel: Channel::Sms, to: message.to.clone(), subject: String::new(), text, until };
    }
    let text = format!(
        "Your code for {application}:\n\n{code}\n\nIt is good for {minutes} minutes and for one use. Nobody \
         will ask you for it by telephone.\n\nIf you did not just sign in, somebody knows your password: change it."
    );
    let subject = format!("Your code for {application}");
    Letter { channel: Channel::Email, to: message.to.clone(), subject, text, until }
}

/// A code for a new address, sent to it.
pub fn address(name: &str, message: &Message, now: Time) -> Letter {
    let minutes = mail_code::LIFE.as_secs() / 60;
    let code = message.code.expose();
    let text = format!(
        "{name} asked to be sent codes to this address:\n\n{code}\n\nThe code confirms it. It is good for {minutes} \
         minutes and for one use.\n\nIf this is not you, do nothing: nothing is changed without the code."
    );
    Letter {
        channel: Channel::Email,
        to: message.to.clone(),
        subject: "Confirm this address".to_owned(),
        text,
        until: now.after(mail_code::LIFE),
    }
}

/// News for a user about their own account: what was done, by whom.
pub fn notice(to: &str, (what, who): (&str, &str), now: Time) -> Letter {
    let text = format!(
        "{what}\n\nBy: {who}\n\nIf you do not know why, ask your help desk now. This message was sent by a machine; \
         nobody reads answers to it."
    );
    Letter {
        channel: Channel::Email,
        to: to.to_owned(),
        subject: "Your second factor".to_owned(),
        text,
        until: now.after(crate::server::domain::time::hours(24)),
    }
}
