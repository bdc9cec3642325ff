//! Which mentions are one person: what officers decided, and what follows from it for one caller. Pure: who sees which mention
//! is the caller's to say.
//!
//! A person is a group of mentions. Officers *link* two mentions as one person or keep them *apart*; nothing is joined by a
//! score. A decision belongs to the agency it was taken for, is undone by that agency, and stays in the history. Joining two
//! people that have been confirmed already, by links of any agency, takes an officer of each of those agencies.

use crate::{Timestamp, Uuid, agency::words, audit::Request};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

words! {
    /// What an officer decides of two mentions.
    LinkDecision, "a decision" {
        /// They are one person.
        Same = "same",
        /// They are two people; remembered, so that nobody is asked again.
        Different = "different",
    }
}

words! {
    /// What a decision rests on. Words of a list, so that no name stands in a reason.
    LinkGrounds, "grounds" {
        /// The officer knows the person.
        KnownToOfficer = "known_to_officer",
        /// The person said so.
        ToldByPerson = "told_by_person",
        /// A document of identity.
        IdentityDocument = "identity_document",
        /// Names and dates of birth were compared.
        NameAndBirth = "name_and_birth",
        /// Names and addresses were compared.
        NameAndAddress = "name_and_address",
        /// A photograph.
        Photograph = "photograph",
        /// A record of an agency outside Beacon.
        OutsideRecord = "outside_record",
        /// Something else, told to the supervisor.
        Other = "other",
    }
}

words! {
    /// Whether a decision counts now.
    LinkState, "a state" {
        /// It counts.
        InForce = "in_force",
        /// It joins people confirmed by other agencies too, whose officers have not agreed.
        Waiting = "waiting",
        /// It was undone.
        Undone = "undone",
    }
}

/// An agreement to a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct LinkAgreement {
    /// For which agency.
    pub agency: Uuid,
    /// By whom.
    pub officer: Uuid,
    /// When.
    pub at: Timestamp,
}

/// A decision about two mentions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct PersonLink {
    /// Its id.
    pub id: Uuid,
    /// One mention.
    pub first: Uuid,
    /// The other.
    pub second: Uuid,
    /// What was decided.
    pub decision: LinkDecision,
    /// What it rests on.
    pub grounds: LinkGrounds,
    /// Who decided, for which agency, and who of other agencies agreed.
    pub agreed: Vec<LinkAgreement>,
    /// By whom it was undone, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<LinkAgreement>,
}

impl LinkAgreement {
    /// Of whoever asks.
    pub fn of(request: &Request) -> Self {
        Self { agency: request.actor.agency, officer: request.actor.officer, at: request.at }
    }
}

impl PersonLink {
    /// A decision taken now about two mentions, in whichever order.
    pub fn decided(id: Uuid, [one, other]: [Uuid; 2], decision: LinkDecision, grounds: LinkGrounds, request: &Request) -> Self {
        let agreed = vec![LinkAgreement::of(request)];
        Self { id, first: one.min(other), second: one.max(other), decision, grounds, agreed, undone: None }
    }

    /// The agencies it is agreed by.
    pub fn agencies(&self) -> BTreeSet<Uuid> {
        self.agreed.iter().map(|agreement| agreement.agency).collect()
    }
}

/// A known person who is somebody else than the one recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DifferentPerson {
    /// The person, or one of their mentions.
    pub person: Uuid,
    /// What that rests on; names and dates of birth compared, unless given.
    #[serde(default = "compared")]
    pub grounds: LinkGrounds,
}

fn compared() -> LinkGrounds {
    LinkGrounds::NameAndBirth
}

/// What may join two mentions.
#[derive(Debug, Clone)]
pub struct Tie {
    /// It is said by the record of a mention. What records say goes before what officers decided later, whatever its ids: a link
    /// never passes for the first word on people who were confirmed before it.
    pub recorded: bool,
    /// The link, whose ids follow the order in which they were made; of what a record says, the mention.
    pub id: Uuid,
    /// Its ends.
    pub ends: (Uuid, Uuid),
    /// The agencies that agreed.
    pub agreed: BTreeSet<Uuid>,
}

/// Which mentions are one person.
#[derive(Debug, Clone, Default)]
pub struct Groups {
    of: HashMap<Uuid, Uuid>,
    members: HashMap<Uuid, Vec<Uuid>>,
    /// The agencies that confirmed a person by a tie.
    confirmed: HashMap<Uuid, BTreeSet<Uuid>>,
    waiting: HashMap<Uuid, BTreeSet<Uuid>>,
    apart: Vec<(Uuid, Uuid)>,
}

impl Groups {
    /// Groups the mentions a caller sees through the ties between them. A tie counts when both its ends are seen; when no pair
    /// that the caller's agency keeps `apart` would be joined by it; and when at least one of the two people is not yet confirmed
    /// by any tie, or every agency that confirmed either of them agreed.
    pub fn new(seen: impl IntoIterator<Item = Uuid>, mut ties: Vec<Tie>, apart: Vec<(Uuid, Uuid)>) -> Self {
        let mut groups = Self { apart, ..Self::default() };
        for id in seen {
            groups.of.insert(id, id);
            groups.members.insert(id, vec![id]);
        }
        ties.sort_by_key(|tie| (!tie.recorded, tie.id));
        for tie in ties {
            let (Some(one), Some(other)) = (groups.of.get(&tie.ends.0).copied(), groups.of.get(&tie.ends.1).copied()) else { continue };
            if one == other {
                groups.confirmed.entry(one).or_default().extend(&tie.agreed);
                continue;
            }
            if groups.are_apart(one, other) {
                continue;
            }
            let asked = groups.still_to_agree(one, other, &tie.agreed);
            if !asked.is_empty() {
                groups.waiting.insert(tie.id, asked);
                continue;
            }
            let (kept, gone) = (one.min(other), one.max(other));
            let mut by = groups.confirmed.remove(&gone).unwrap_or_default();
            by.extend(&tie.agreed);
            groups.confirmed.entry(kept).or_default().append(&mut by);
            let moved = groups.members.remove(&gone).unwrap_or_default();
            for id in &moved {
                groups.of.insert(*id, kept);
            }
            groups.members.entry(kept).or_default().extend(moved);
        }
        for members in groups.members.values_mut() {
            members.sort_unstable();
        }
        groups
    }

    /// The person a mention belongs to: the earliest mention the caller sees of the group.
    pub fn person(&self, mention: Uuid) -> Uuid {
        self.of.get(&mention).copied().unwrap_or(mention)
    }

    /// Whether the caller sees the mention.
    pub fn sees(&self, mention: Uuid) -> bool {
        self.of.contains_key(&mention)
    }

    /// Every person, by id.
    pub fn people(&self) -> Vec<Uuid> {
        let mut people: Vec<Uuid> = self.members.keys().copied().collect();
        people.sort_unstable();
        people
    }

    /// The mentions of a person, the earliest first.
    pub fn mentions_of(&self, person: Uuid) -> &[Uuid] {
        self.members.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The agencies that must still agree to a link; none where it waits for nobody.
    pub fn waiting_for(&self, link: Uuid) -> Vec<Uuid> {
        self.waiting.get(&link).into_iter().flatten().copied().collect()
    }

    /// The agencies whose officers must agree too before two people are joined by a link that `agreed` agree to: those that
    /// confirmed either of them, where both are confirmed.
    pub fn still_to_agree(&self, one: Uuid, other: Uuid, agreed: &BTreeSet<Uuid>) -> BTreeSet<Uuid> {
        match (self.confirmed.get(&self.person(one)), self.confirmed.get(&self.person(other))) {
            (Some(by_one), Some(by_other)) => by_one.union(by_other).filter(|agency| !agreed.contains(agency)).copied().collect(),
            _ => BTreeSet::new(),
        }
    }

    /// Whether the caller's agency keeps a mention of the one person apart from a mention of the other.
    pub fn are_apart(&self, one: Uuid, other: Uuid) -> bool {
        self.apart.iter().any(|(a, b)| {
            let (a, b) = (self.person(*a), self.person(*b));
            let (one, other) = (self.person(one), self.person(other));
            (a, b) == (one, other) || (b, a) == (one, other)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn tie(order: u128, one: u128, other: u128, agreed: &[u128]) -> Tie {
        Tie { recorded: false, id: id(order), ends: (id(one), id(other)), agreed: agreed.iter().map(|agency| id(*agency)).collect() }
    }

    fn of(seen: std::ops::RangeInclusive<u128>, ties: Vec<Tie>, apart: &[(u128, u128)]) -> Groups {
        Groups::new(seen.map(id), ties, apart.iter().map(|(a, b)| (id(*a), id(*b))).collect())
    }

    #[test]
    fn mentions_group_only_through_links_seen_whole() {
        // 1 and 3 are linked through 2, which the caller does not see; 3 and 4 directly.
        let seen = [1, 3, 4].map(id);
        let groups = Groups::new(seen, vec![tie(11, 2, 1, &[9]), tie(12, 3, 2, &[9]), tie(13, 4, 3, &[9])], Vec::new());
        assert_eq!((groups.person(id(1)), groups.person(id(3)), groups.person(id(4))), (id(1), id(3), id(3)));
        assert_eq!(groups.mentions_of(id(3)), [id(3), id(4)]);
        assert!(!groups.people().contains(&id(2)));
    }

    #[test]
    fn a_new_mention_takes_one_officer() {
        let groups = of(1..=3, vec![tie(11, 1, 2, &[8]), tie(12, 3, 1, &[9])], &[]);
        assert_eq!(groups.mentions_of(id(1)), [1, 2, 3].map(id));
    }

    #[test]
    fn people_confirmed_by_two_agencies_take_an_officer_of_each() {
        let two = || vec![tie(11, 1, 2, &[8]), tie(12, 3, 4, &[9])];
        let join = |agreed: &[u128]| of(1..=4, [two(), vec![tie(13, 2, 3, agreed)]].concat(), &[]);
        for half in [&[8][..], &[9]] {
            assert_eq!(join(half).people(), [1, 3].map(id));
            assert_eq!(join(half).waiting_for(id(13)), [id(17 - half[0])]);
        }
        assert_eq!(join(&[8, 9]).people(), [id(1)]);
        assert!(join(&[8, 9]).waiting_for(id(13)).is_empty());
        // The same agency's people need nobody else.
        let own = vec![tie(11, 1, 2, &[8]), tie(12, 3, 4, &[8]), tie(13, 2, 3, &[8])];
        assert_eq!(of(1..=4, own, &[]).people(), [id(1)]);
    }

    #[test]
    fn what_records_say_goes_before_a_link_of_any_id() {
        let recorded = |tie: Tie| Tie { recorded: true, ..tie };
        // The link has the smallest id, and was made last.
        let ties = vec![tie(1, 2, 3, &[8]), recorded(tie(11, 1, 2, &[8])), recorded(tie(12, 3, 4, &[9]))];
        let groups = of(1..=4, ties, &[]);
        assert_eq!(groups.people(), [1, 3].map(id));
        assert_eq!(groups.waiting_for(id(1)), [id(9)]);
    }

    #[test]
    fn one_agency_cannot_bridge_two_people_by_a_mention_of_its_own() {
        // 5 is nobody's yet: linking it to 9's person is free, and linking it on to 8's own then takes 9 too.
        let ties = vec![tie(11, 1, 2, &[8]), tie(12, 3, 4, &[9]), tie(13, 5, 3, &[8]), tie(14, 5, 1, &[8])];
        let groups = of(1..=5, ties, &[]);
        assert_eq!(groups.people(), [1, 3].map(id));
        assert_eq!(groups.waiting_for(id(14)), [id(9)]);
    }

    #[test]
    fn what_the_own_agency_keeps_apart_no_chain_joins() {
        let chain = vec![tie(11, 1, 2, &[9]), tie(12, 2, 3, &[9])];
        assert_eq!(of(1..=3, chain.clone(), &[]).people(), [id(1)]);
        let groups = of(1..=3, chain, &[(3, 1)]);
        assert_eq!(groups.people(), [1, 3].map(id));
        assert!(groups.are_apart(id(1), id(3)));
    }
}
