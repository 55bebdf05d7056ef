//! Sign-ins in their table: every state is in the database, so that any replica can go on with any of them.

use super::{database::Connection, error::StoreError, people::expect_one};
use crate::server::domain::{
    factor::Factor,
    sign_in::{Proof, SignIn, Stage},
    time::Time,
};

/// Reads a sign-in of a user. Its lock is the user's.
pub async fn read(connection: &mut Connection, id: &str, user: &str) -> Result<SignIn, StoreError> {
    let rows = connection.rows(READ, vec![id.into(), user.into()]).await?;
    let row = rows.first().ok_or(StoreError::Missing)?;
    let bad = |what: &str| StoreError::damaged("sign_ins", what);
    let proof = row.maybe_text(5)?.map(|word| proof_of(&word).ok_or_else(|| bad("proof"))).transpose()?;
    Ok(SignIn {
        id: row.text(0)?,
        user: row.text(1)?,
        application: row.text(2)?,
        begun: Time::from_millis(row.int(3)?),
        stage: stage_of(&row.text(4)?).ok_or_else(|| bad("stage"))?,
        proof,
    })
}

/// Writes a sign-in, new or changed.
pub async fn save(connection: &mut Connection, sign_in: &SignIn) -> Result<(), StoreError> {
    let values = vec![
        sign_in.id.as_str().into(),
        sign_in.user.as_str().into(),
        sign_in.application.as_str().into(),
        sign_in.begun.millis().into(),
        stage_word(sign_in.stage).into(),
        sign_in.proof.map(proof_word).into(),
    ];
    expect_one(connection.change(SAVE, values).await?)
}

/// The word of a stage, in the API too.
pub fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Agreement => "agreement",
        Stage::Binding => "binding",
        Stage::SecondStep => "second_step",
        Stage::Done => "done",
    }
}

fn stage_of(word: &str) -> Option<Stage> {
    let all = [Stage::Agreement, Stage::Binding, Stage::SecondStep, Stage::Done];
    all.into_iter().find(|stage| stage_word(*stage) == word)
}

/// The word of a proof, in the API too.
pub fn proof_word(proof: Proof) -> &'static str {
    match proof {
        Proof::Code(factor) => factor.word(),
        Proof::Bound => "bound",
        Proof::Bypass => "bypass",
        Proof::Remembered => "remembered",
        Proof::NotAsked => "not_asked",
    }
}

/// The proof of a word.
pub fn proof_of(word: &str) -> Option<Proof> {
    let others = [Proof::Bound, Proof::Bypass, Proof::Remembered, Proof::NotAsked];
    let all = Factor::ALL.into_iter().map(Proof::Code).chain(others);
    all.into_iter().find(|proof| proof_word(*proof) == word)
}

const READ: &str = "SELECT id, user_id, application, begun, stage, proof FROM sign_ins \
    WHERE id = $1 AND user_id = $2";
const SAVE: &str = "INSERT INTO sign_ins (id, user_id, application, begun, stage, proof) \
    VALUES ($1, $2, $3, $4, $5, $6) \
    ON CONFLICT (id) DO UPDATE SET stage = excluded.stage, proof = excluded.proof";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_as_what_it_was_written_for() {
        for stage in [Stage::Agreement, Stage::Binding, Stage::SecondStep, Stage::Done] {
            assert_eq!(stage_of(stage_word(stage)), Some(stage));
        }
        for proof in
            [Proof::Code(Factor::Sms), Proof::Bound, Proof::Bypass, Proof::Remembered, Proof::NotAsked]
        {
            assert_eq!(proof_of(proof_word(proof)), Some(proof));
        }
    }
}
