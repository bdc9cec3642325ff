//! What officers decided of two mentions: one person, or two; and who agreed. No scope: the caller shows and follows only the
//! decisions whose both mentions it sees.

use crate::{StoreError, Tx, statement::filled, time::At};
use model::{
    Uuid,
    linking::{LinkAgreement, PersonLink},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    first_id: Uuid,
    second_id: Uuid,
    decision: String,
    grounds: String,
    undone_at: Option<At>,
    undone_by: Option<Uuid>,
    undone_agency: Option<Uuid>,
}

impl TryFrom<Row> for PersonLink {
    type Error = StoreError;
    fn try_from(row: Row) -> Result<Self, StoreError> {
        let undone = match (row.undone_at, row.undone_by, row.undone_agency) {
            (Some(at), Some(officer), Some(agency)) => Some(LinkAgreement { agency, officer, at: at.0 }),
            _ => None,
        };
        Ok(Self {
            id: row.id,
            first: row.first_id,
            second: row.second_id,
            decision: row.decision.parse().map_err(StoreError::Damaged)?,
            grounds: row.grounds.parse().map_err(StoreError::Damaged)?,
            agreed: Vec::new(),
            undone,
        })
    }
}

/// Enters a decision with those who agreed to it.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, link: &PersonLink) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO person_link (id, first_id, second_id, decision, grounds) VALUES ($1, $2, $3, $4, $5)",
        link.id,
        link.first,
        link.second,
        link.decision.as_str(),
        link.grounds.as_str()
    )?;
    for agreement in &link.agreed {
        agree(tx, link.id, agreement).await?;
    }
    Ok(())
}

/// Enters an agreement to a link.
///
/// # Errors
/// When the database fails.
pub async fn agree(tx: &mut Tx, link: Uuid, agreement: &LinkAgreement) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "INSERT INTO person_link_agreement (link_id, agency_id, officer_id, agreed_at) VALUES ($1, $2, $3, $4)",
        link,
        agreement.agency,
        agreement.officer,
        At(agreement.at)
    )?;
    Ok(())
}

/// Undoes a decision; it stays in the history. Whether it was still to be undone.
///
/// # Errors
/// When the database fails.
pub async fn undo(tx: &mut Tx, link: Uuid, by: &LinkAgreement) -> Result<bool, StoreError> {
    let changed = run!(
        tx,
        execute,
        "UPDATE person_link SET undone_at = $1, undone_by = $2, undone_agency = $3 WHERE id = $4 AND undone_at IS NULL",
        At(by.at),
        by.officer,
        by.agency,
        link
    )?;
    Ok(changed > 0)
}

/// Every decision with an end among `mentions`, undone ones too, in the order they were taken.
///
/// # Errors
/// When the database fails.
pub async fn around(tx: &mut Tx, mentions: &[Uuid]) -> Result<Vec<PersonLink>, StoreError> {
    let mut found: Vec<PersonLink> = Vec::new();
    for chunk in mentions.chunks(1_000) {
        let chunk = filled(chunk);
        let rows: Vec<Row> = build!(tx, fetch_all, Row, |q| {
            q.push("SELECT id, first_id, second_id, decision, grounds, undone_at, undone_by, undone_agency FROM person_link WHERE first_id IN (");
            list!(q, id in &chunk => *id);
            q.push(") OR second_id IN (");
            list!(q, id in &chunk => *id);
            q.push(")");
        })?;
        for row in rows {
            found.push(row.try_into()?);
        }
    }
    found.sort_by_key(|link| link.id);
    found.dedup_by_key(|link| link.id);
    with_agreements(tx, found).await
}

/// One decision.
///
/// # Errors
/// When the database fails.
pub async fn by_id(tx: &mut Tx, id: Uuid) -> Result<Option<PersonLink>, StoreError> {
    let row = run!(
        tx,
        fetch_optional,
        Row,
        "SELECT id, first_id, second_id, decision, grounds, undone_at, undone_by, undone_agency FROM person_link WHERE id = $1",
        id
    )?;
    let found = row.map(PersonLink::try_from).transpose()?;
    Ok(with_agreements(tx, found.into_iter().collect()).await?.pop())
}

/// Every decision, in the order they were taken, for export by an authorised caller.
///
/// # Errors
/// When the database fails.
pub async fn all(tx: &mut Tx) -> Result<Vec<PersonLink>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT id, first_id, second_id, decision, grounds, undone_at, undone_by, undone_agency FROM person_link ORDER BY id"
    )?;
    let found = rows.into_iter().map(PersonLink::try_from).collect::<Result<Vec<_>, _>>()?;
    with_agreements(tx, found).await
}

/// Takes away every decision about a mention that is erased.
///
/// # Errors
/// When the database fails.
pub(crate) async fn erase(tx: &mut Tx, mention: Uuid) -> Result<(), StoreError> {
    run!(
        tx,
        execute,
        "DELETE FROM person_link_agreement WHERE link_id IN (SELECT id FROM person_link WHERE first_id = $1 OR second_id = $1)",
        mention
    )?;
    run!(tx, execute, "DELETE FROM person_link WHERE first_id = $1 OR second_id = $1", mention)?;
    Ok(())
}

/// Links in force as far as they are written, that an agency has not agreed to, the latest first, older than `before`.
///
/// # Errors
/// When the database fails.
pub async fn not_agreed_by(tx: &mut Tx, agency: Uuid, before: Option<Uuid>, limit: i64) -> Result<Vec<PersonLink>, StoreError> {
    let rows = run!(
        tx,
        fetch_all,
        Row,
        "SELECT l.id, l.first_id, l.second_id, l.decision, l.grounds, l.undone_at, l.undone_by, l.undone_agency FROM person_link l
         WHERE l.undone_at IS NULL AND l.decision = 'same' AND l.id < $2
         AND NOT EXISTS (SELECT 1 FROM person_link_agreement a WHERE a.link_id = l.id AND a.agency_id = $1)
         ORDER BY l.id DESC LIMIT $3",
        agency,
        before.unwrap_or(Uuid::max()),
        limit
    )?;
    let found = rows.into_iter().map(PersonLink::try_from).collect::<Result<Vec<_>, _>>()?;
    with_agreements(tx, found).await
}

async fn with_agreements(tx: &mut Tx, mut links: Vec<PersonLink>) -> Result<Vec<PersonLink>, StoreError> {
    let ids: Vec<Uuid> = links.iter().map(|link| link.id).collect();
    for chunk in ids.chunks(1_000) {
        let chunk = filled(chunk);
        let rows: Vec<(Uuid, Uuid, Uuid, At)> = build!(tx, fetch_all, (Uuid, Uuid, Uuid, At), |q| {
            q.push("SELECT link_id, agency_id, officer_id, agreed_at FROM person_link_agreement WHERE link_id IN (");
            list!(q, id in &chunk => *id);
            q.push(") ORDER BY agreed_at, agency_id");
        })?;
        for (id, agency, officer, at) in rows {
            for link in links.iter_mut().filter(|link| link.id == id) {
                link.agreed.push(LinkAgreement { agency, officer, at: at.0 });
            }
        }
    }
    Ok(links)
}
