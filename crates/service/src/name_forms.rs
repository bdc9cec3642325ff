//! Other forms of names that a partnership uses: its searches count them at once, and nothing is built anew.

use crate::{Service, ServiceError, openings::supervises, standing::Standing};
use model::{
    Problems, Uuid,
    audit::{Operation, Request},
    entropy,
    name_form::{NameForm, NewNameForm},
};
use names::LocalForms;
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};
use store::name_forms;

/// Most forms of one partnership.
const MOST: usize = 10_000;

impl Service {
    /// The forms of the caller's partnerships.
    ///
    /// # Errors
    /// [`ServiceError::Unavailable`].
    pub async fn list_name_forms(&self, request: &Request) -> Result<Vec<NameForm>, ServiceError> {
        let request = self.as_they_stand(request).await?;
        let own = |form: &NameForm| request.actor.partnerships.contains(&form.partnership);
        Ok(self.inner.standing.book().name_forms.iter().filter(|form| own(form)).cloned().collect())
    }

    /// Enters a form for a partnership the caller is in. Supervisors only: from now on it decides whom every officer of the
    /// partnership is shown.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::Invalid`], [`ServiceError::Conflict`] for one that is there already.
    pub async fn add_name_form(&self, request: &Request, new: NewNameForm) -> Result<NameForm, ServiceError> {
        self.write(request, Operation::Administration, "name_form.add", move |tx, _, request| {
            Box::pin(async move {
                check_role(request)?;
                let own = &request.actor.partnerships;
                let mut problems = Problems::default();
                let (name, form) = (word("name", &new.name, &mut problems), word("form", &new.form, &mut problems));
                if !name.is_empty() && name == form {
                    problems.add("form", "same", "is the name itself, as searches compare it");
                }
                let partnership = match (new.partnership, own.as_slice()) {
                    (Some(named), own) if own.contains(&named) => named,
                    (Some(_), _) => {
                        problems.add("partnership", "unknown_id", "is not a partnership of yours: see GET /v1/partnerships");
                        Uuid::nil()
                    }
                    (None, [only]) => *only,
                    (None, _) => {
                        problems.add("partnership", "required", "say which of your partnerships: see GET /v1/partnerships");
                        Uuid::nil()
                    }
                };
                problems.into_result().map_err(ServiceError::Invalid)?;
                let there = name_forms::all(tx).await?;
                let of_partnership = there.iter().filter(|one| one.partnership == partnership);
                if of_partnership.clone().count() >= MOST {
                    return Err(ServiceError::Conflict(format!("a partnership has at most {MOST} forms of names: withdraw one")));
                }
                let same = |one: &NameForm| (&one.name, &one.form) == (&name, &form) || (&one.name, &one.form) == (&form, &name);
                if of_partnership.clone().any(same) {
                    return Err(ServiceError::Conflict(format!("{form} is entered as a form of {name} already")));
                }
                let id = entropy::id(request.at);
                let entered = NameForm { id, partnership, name, form, officer: request.actor.officer, entered_at: request.at };
                name_forms::insert(tx, &entered).await?;
                Ok((entered, vec![id]))
            })
        })
        .await
    }

    /// Withdraws a form of a partnership the caller is in. Supervisors only.
    ///
    /// # Errors
    /// [`ServiceError::Forbidden`], [`ServiceError::NotFound`].
    pub async fn withdraw_name_form(&self, request: &Request, id: Uuid) -> Result<(), ServiceError> {
        self.write(request, Operation::Administration, "name_form.withdraw", move |tx, _, request| {
            Box::pin(async move {
                check_role(request)?;
                let actor = &request.actor;
                match name_forms::withdraw(tx, id, &actor.partnerships, actor.officer, request.at).await? {
                    true => Ok(((), vec![id])),
                    false => Err(ServiceError::NotFound),
                }
            })
        })
        .await
    }
}

impl Standing {
    /// The forms that count for somebody who acts in these partnerships.
    pub(crate) fn local_forms(&self, partnerships: &[Uuid]) -> Vec<Arc<LocalForms>> {
        let book = self.book();
        partnerships.iter().filter_map(|partnership| book.local_forms.get(partnership).cloned()).collect()
    }
}

/// The forms of each partnership, made ready for searches.
pub(crate) fn by_partnership(forms: &[NameForm]) -> HashMap<Uuid, Arc<LocalForms>> {
    let partnerships: HashSet<Uuid> = forms.iter().map(|form| form.partnership).collect();
    let of = |partnership: Uuid| {
        let own = forms.iter().filter(move |form| form.partnership == partnership);
        Arc::new(LocalForms::of(own.map(|form| (form.name.as_str(), form.form.as_str()))))
    };
    partnerships.into_iter().map(|partnership| (partnership, of(partnership))).collect()
}

fn check_role(request: &Request) -> Result<(), ServiceError> {
    if supervises(&request.actor) { Ok(()) } else { Err(ServiceError::Forbidden("supervisors enter the forms of names")) }
}

fn word(field: &str, text: &str, problems: &mut Problems) -> String {
    problems.text(field, text, 40);
    LocalForms::word(text).unwrap_or_else(|| {
        problems.add(field, "one_word", "must be one word of two letters or more; what one person is called is an alias of theirs");
        String::new()
    })
}
