//! Lists: pages, filters, and never a record outside the scope.

use crate::world::{World, id, now, owner_only};
use model::{Scope, Uuid};
use store::{
    incidents::{self, Filter},
    labels, places,
};

on_both_databases!(
    pages_follow_on_each_other,
    every_filter_narrows,
    a_scope_without_labels_sees_nothing,
    labels_outside_the_scope_are_left_out
);

async fn scope(world: &World) -> Scope {
    let mut tx = world.db.read().await.unwrap();
    let all = labels::after(&mut tx, 0).await.unwrap();
    Scope::new(world.actor.clone(), now(), all.iter().map(|(id, label)| (*id, label)))
}

async fn ids(world: &World, scope: &Scope, filter: &Filter, limit: usize) -> Vec<Uuid> {
    let mut tx = world.db.read().await.unwrap();
    incidents::page(&mut tx, scope, filter, limit).await.unwrap().into_iter().map(|stored| stored.id).collect()
}

async fn pages_follow_on_each_other(world: World) {
    // Three on each of four days: pages must not break on equal days.
    let all: Vec<_> = (0..12).map(|number| world.incident(0x100 + number, 1 + (number / 3) as i8)).collect();
    world.insert(all).await.unwrap();
    let scope = scope(&world).await;
    let whole = ids(&world, &scope, &Filter::default(), 100).await;
    assert_eq!(whole, (0..12).rev().map(|number| id(0x100 + number)).collect::<Vec<_>>(), "newest day first, then by id");
    let (mut paged, mut filter) = (Vec::new(), Filter::default());
    loop {
        let page = ids(&world, &scope, &filter, 5).await;
        let Some(last) = page.last() else { break };
        let day = world.incident(1, 1 + ((last.as_u128() - 0x100) / 3) as i8).details.occurred.day_numbers().0;
        filter.after = Some((day, *last));
        paged.extend(page);
    }
    assert_eq!(paged, whole);
}

async fn every_filter_narrows(world: World) {
    let (mut first, mut second) = (world.incident(1, 1), world.incident(2, 20));
    first.details.types = vec![202, 213];
    let place = |easting| model::NewPlace { easting: Some(easting), northing: Some(518_600.0), ..Default::default() };
    let mut problems = model::Problems::default();
    first.places = vec![place(444_100.0).settle(id(11), world.actor.agency, now(), &mut problems)];
    second.places = vec![place(445_100.0).settle(id(12), world.actor.agency, now(), &mut problems)];
    assert!(problems.is_empty());
    world.insert(vec![first.clone(), second.clone(), world.incident(3, 20)]).await.unwrap();
    let scope = scope(&world).await;
    let day = |incident: &model::Incident| incident.details.occurred.day_numbers().0;
    let bits = |code| model::vocabulary::current().nsir_bits(&[code]);
    for (filter, wanted) in [
        (Filter { from_day: Some(day(&second)), ..Filter::default() }, vec![3, 2]),
        (Filter { from_day: Some(day(&second) + 1), ..Filter::default() }, vec![]),
        (Filter { to_day: Some(day(&first)), ..Filter::default() }, vec![1]),
        (Filter { types: bits(202), ..Filter::default() }, vec![1]),
        (Filter { types: bits(202) | bits(213), ..Filter::default() }, vec![3, 2, 1]),
        (Filter { agency: Some(world.actor.agency), ..Filter::default() }, vec![3, 2, 1]),
        (Filter { agency: Some(id(77)), ..Filter::default() }, vec![]),
        (Filter { bounds: Some([444_000.0, 518_000.0, 444_500.0, 519_000.0]), ..Filter::default() }, vec![1]),
        (Filter { bounds: Some([444_100.0, 518_600.0, 445_100.0, 518_600.0]), ..Filter::default() }, vec![2, 1]),
    ] {
        let found = ids(&world, &scope, &filter, 10).await;
        assert_eq!(found, wanted.into_iter().map(id).collect::<Vec<_>>(), "{filter:?}");
    }
}

async fn a_scope_without_labels_sees_nothing(world: World) {
    world.insert(vec![world.incident(1, 1)]).await.unwrap();
    let blind = Scope::new(world.actor.clone(), now(), std::iter::empty());
    assert_eq!(ids(&world, &blind, &Filter::default(), 10).await, [] as [Uuid; 0]);
    let mut tx = world.db.read().await.unwrap();
    assert_eq!(places::incidents_at(&mut tx, &blind, "street", "example street", None, 10).await.unwrap(), [] as [Uuid; 0]);
}

async fn labels_outside_the_scope_are_left_out(world: World) {
    let mut hidden = world.incident(2, 2);
    hidden.details.sharing = owner_only(world.actor.agency).sharing;
    let place = model::NewPlace { street: Some("Example Street".to_owned()), ..Default::default() };
    hidden.places = vec![place.settle(id(12), world.actor.agency, now(), &mut model::Problems::default())];
    let mut open = world.incident(1, 1);
    open.places = vec![model::Place { id: id(11), ..hidden.places[0].clone() }];
    world.insert(vec![open, hidden]).await.unwrap();
    let own = scope(&world).await;
    let mut tx = world.db.read().await.unwrap();
    let all = labels::after(&mut tx, 0).await.unwrap();
    let other = model::Actor { agency: id(0xc), officer: id(0xd), ..world.actor.clone() };
    let others = Scope::new(other, now(), all.iter().map(|(id, label)| (*id, label)));
    for (scope, wanted) in [(&own, vec![id(2), id(1)]), (&others, vec![id(1)])] {
        assert_eq!(ids(&world, scope, &Filter::default(), 10).await, wanted);
        assert_eq!(places::incidents_at(&mut tx, scope, "street", "example street", None, 10).await.unwrap(), wanted);
    }
}
