//! What holds for every operation, written into the OpenAPI document in one place; and what the schemas of our types cannot say
//! of how they are put together.

use axum::http::StatusCode;
use utoipa::openapi::{
    Content, KnownFormat, ObjectBuilder, OpenApi as Document, Ref, RefOr, Required, Response, ResponseBuilder, Schema, SchemaFormat, Type,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::AdditionalProperties,
};

const SCHEMAS: &str = "#/components/schemas/";
const PROBLEM: &str = "application/problem+json";

/// What any operation of a signed-in caller may answer, whatever its handler says.
const ANSWERS: [(&str, &str); 6] = [
    ("400", "A header, a parameter or the body cannot be read"),
    ("401", "Not signed in"),
    ("403", "Not allowed, or not seconded to the agency of `Beacon-Acting-As`"),
    ("422", "A value is not valid: of a header too, as `Beacon-Purpose`"),
    (TOO_MANY, "Too many requests; `Retry-After` says when to go on"),
    ("503", "The service cannot answer now: nothing is told without its audit row"),
];
const TOO_MANY: &str = "429";
const TOO_LARGE: (&str, &str) = ("413", "The body is too large");
/// What any change may answer besides.
const OF_CHANGES: [(&str, &str); 2] =
    [("404", "What it names is not there, or not for the caller to know of"), ("409", "It contradicts what is there")];

/// The document with what all its operations share.
pub(crate) fn with_what_all_share(mut document: Document) -> Document {
    for (path, item) in &mut document.paths.paths {
        let signed_in = path.starts_with("/v1/");
        let changing = [&mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten().map(|one| (one, true));
        for (operation, changes) in item.get.as_mut().map(|one| (one, false)).into_iter().chain(changing) {
            if signed_in {
                operation.parameters.get_or_insert_default().push(acting_as().into());
            } else {
                operation.security = Some(Vec::new());
            }
            versions(operation);
            files(operation);
            answers(operation, signed_in, changes);
        }
    }
    partial_patches(&mut document);
    open_where_put_together(&mut document);
    document
}

/// The agency that a seconded officer acts for.
fn acting_as() -> Parameter {
    let id = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    ParameterBuilder::new()
        .name("Beacon-Acting-As")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("Id of the agency you are seconded to and act for; see GET /v1/me"))
        .schema(Some(id.build()))
        .build()
}

/// A version is told as it is in the `ETag`.
fn versions(operation: &mut Operation) {
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && parameter.name == "If-Match"
        {
            let version = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^\"[0-9]+\"$"));
            parameter.schema = Some(version.build().into());
        }
    }
}

/// A file is sent as its bytes, not as a list of numbers.
fn files(operation: &mut Operation) {
    if let Some(RefOr::T(body)) = &mut operation.request_body
        && let Some(RefOr::T(content)) = body.content.get_mut("application/octet-stream")
    {
        let bytes = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Binary)));
        content.schema = Some(bytes.build().into());
    }
}

/// What any operation may answer, each error a problem and each answer with its description.
fn answers(operation: &mut Operation, signed_in: bool, changes: bool) {
    let mut shared: Vec<(&str, &str)> = ANSWERS.into_iter().filter(|(status, _)| signed_in || *status == TOO_MANY).collect();
    if changes {
        shared.extend(OF_CHANGES);
    }
    if operation.request_body.is_some() {
        shared.push(TOO_LARGE);
    }
    for (status, text) in shared {
        let answer = operation.responses.responses.entry(status.to_owned()).or_insert_with(|| problem().into());
        if let RefOr::T(answer) = answer
            && answer.description.is_empty()
        {
            text.clone_into(&mut answer.description);
        }
    }
    for (status, answer) in &mut operation.responses.responses {
        let RefOr::T(answer) = answer else { continue };
        let known = StatusCode::from_bytes(status.as_bytes()).ok();
        if answer.description.is_empty() {
            answer.description = known.and_then(|status| status.canonical_reason()).unwrap_or_default().to_owned();
        }
        if known.is_some_and(|status| !status.is_success())
            && let Some(content) = answer.content.swap_remove("application/json")
        {
            answer.content.insert(PROBLEM.to_owned(), content);
        }
    }
}

fn problem() -> Response {
    ResponseBuilder::new().content(PROBLEM, Content::new(Some(Ref::from_schema_name("ProblemDetails")))).build()
}

/// A merge patch of a record needs no field: what it leaves out stays.
fn partial_patches(document: &mut Document) {
    let Some(components) = &mut document.components else { return };
    for (_, item) in document.paths.paths.iter_mut().filter(|(path, _)| path.starts_with("/v1/incidents/")) {
        let body = item.patch.as_mut().and_then(|operation| operation.request_body.as_mut());
        if let Some(RefOr::T(body)) = body
            && let Some(RefOr::T(content)) = body.content.get_mut("application/merge-patch+json")
            && let Some(RefOr::Ref(whole)) = &mut content.schema
            && let Some(name) = whole.ref_location.strip_prefix(SCHEMAS)
            && let Some(RefOr::T(Schema::Object(object))) = components.schemas.get(name)
            && !object.required.is_empty()
        {
            let (name, mut patch) = (format!("{name}Patch"), object.clone());
            patch.required.clear();
            *whole = Ref::from_schema_name(name.as_str());
            components.schemas.insert(name, RefOr::T(Schema::Object(patch)));
        }
    }
}

/// A type that takes no unknown fields when it is sent is told beside others when it is part of an answer: there its own
/// fields are not all.
fn open_where_put_together(document: &mut Document) {
    let Some(components) = &mut document.components else { return };
    let sent = components.schemas.clone();
    for schema in components.schemas.values_mut() {
        let RefOr::T(Schema::AllOf(together)) = schema else { continue };
        for part in &mut together.items {
            if let RefOr::Ref(whole) = part
                && let Some(name) = whole.ref_location.strip_prefix(SCHEMAS)
                && let Some(RefOr::T(Schema::Object(object))) = sent.get(name)
                && matches!(object.additional_properties.as_deref(), Some(AdditionalProperties::FreeForm(false)))
            {
                let mut open = object.clone();
                open.additional_properties = None;
                *part = RefOr::T(Schema::Object(open));
            }
        }
    }
}
