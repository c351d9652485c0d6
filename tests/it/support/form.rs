//! Forms as people see them: a field is found by its label, a button by its words; everything else is taken along.

use std::collections::HashMap;

use ego_tree::NodeId;
use reqwest::Method;
use scraper::{ElementRef, Selector};

use super::Page;

/// What was typed, ticked and chosen on a page.
#[derive(Default)]
pub struct Edits {
    /// Texts and options.
    pub values: HashMap<NodeId, Vec<String>>,
    /// Boxes and radio buttons.
    pub checked: HashMap<NodeId, bool>,
    /// Files: name, kind, bytes.
    pub files: HashMap<NodeId, (String, String, Vec<u8>)>,
}

impl Edits {
    fn touched(&self) -> impl Iterator<Item = &NodeId> {
        self.values.keys().chain(self.checked.keys()).chain(self.files.keys())
    }
}

/// A form on its way.
pub struct Sent {
    /// Where to, relative to the page.
    pub action: String,
    /// GET or POST.
    pub method: Method,
    /// Whether it goes as multipart.
    pub is_multipart: bool,
    fields: Vec<(String, Field)>,
}

enum Field {
    Text(String),
    File(String, String, Vec<u8>),
}

impl Sent {
    /// The fields as texts; a file is its name.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, field)| match field {
            Field::Text(text) | Field::File(text, ..) => (name.as_str(), text.as_str()),
        })
    }

    /// The fields as parts.
    pub fn multipart(self) -> reqwest::multipart::Form {
        self.fields.into_iter().fold(reqwest::multipart::Form::new(), |form, (name, field)| match field {
            Field::Text(text) => form.text(name, text),
            Field::File(file, kind, bytes) => {
                let part = reqwest::multipart::Part::bytes(bytes).file_name(file).mime_str(&kind).expect("a kind");
                form.part(name, part)
            }
        })
    }
}

/// Text of an element, white space as one.
pub fn text(element: ElementRef) -> String {
    one_space(&element.text().collect::<String>())
}

/// The accessible name of a control, a link or a button.
pub fn name(page: &Page, element: ElementRef) -> String {
    if let Some(label) = element.attr("aria-label") {
        return one_space(label);
    }
    if let Some(ids) = element.attr("aria-labelledby") {
        let named = ids.split_whitespace().flat_map(|id| by_css(page, &format!("[id='{id}']"))).map(label_text);
        return named.collect::<Vec<_>>().join(" ");
    }
    if ["a", "button", "summary"].contains(&element.value().name()) {
        return text(element);
    }
    if let Some(label) = element.attr("id").and_then(|id| by_css(page, &format!("label[for='{id}']")).into_iter().next()) {
        return label_text(label);
    }
    ancestor(element, "label").map(label_text).unwrap_or_default()
}

/// Whether a picture inside tells what a link or button is.
pub fn has_picture_text(element: ElementRef) -> bool {
    element.select(&selector("img[alt]")).any(|picture| picture.attr("alt").is_some_and(|alt| !alt.is_empty()))
}

/// The field with this label; exactly one must have it.
#[track_caller]
pub fn control<'a>(page: &'a Page, label: &str) -> ElementRef<'a> {
    one(page, label, page.elements("input:not([type=hidden]), select, textarea"))
}

/// The field with this label into which one types.
#[track_caller]
pub fn typed<'a>(page: &'a Page, label: &str) -> ElementRef<'a> {
    one(page, label, page.elements("input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=file]), textarea"))
}

/// The box or switch with this label.
#[track_caller]
pub fn checkbox<'a>(page: &'a Page, label: &str) -> ElementRef<'a> {
    one(page, label, page.elements("input[type=checkbox]"))
}

/// A select and the value of one of its options.
#[track_caller]
pub fn option(page: &Page, label: &str, wanted: &str) -> (NodeId, String) {
    let select = one(page, label, page.elements("select"));
    let options = select.select(&selector("option")).map(|option| (text(option), option_value(option))).collect::<Vec<_>>();
    let found = options.iter().find(|(text, _)| text == wanted);
    let (_, value) = found.unwrap_or_else(|| panic!("no option {wanted} in {label}; there are {options:?}"));
    (select.id(), value.clone())
}

/// The radio button of a group, and the others of the group.
#[track_caller]
pub fn radio(page: &Page, group: &str, wanted: &str) -> (NodeId, Vec<NodeId>) {
    let all = page.elements("input[type=radio]").into_iter().filter(|radio| legend(page, *radio) == group).collect::<Vec<_>>();
    let found = all.iter().find(|radio| name(page, **radio) == wanted);
    let names = || all.iter().map(|radio| name(page, *radio)).collect::<Vec<_>>();
    let chosen = found.unwrap_or_else(|| panic!("no choice {wanted} in the group {group} on {}; there are {:?}", page.url, names()));
    let others = all.iter().filter(|radio| radio.attr("name") == chosen.attr("name") && radio.id() != chosen.id());
    (chosen.id(), others.map(|radio| radio.id()).collect())
}

/// The value a field holds as the page came.
pub fn value(element: ElementRef) -> String {
    match element.value().name() {
        "textarea" => {
            let raw: String = element.text().collect();
            raw.strip_prefix('\n').unwrap_or(&raw).to_owned()
        }
        "select" => chosen(element).into_iter().next().unwrap_or_default(),
        _ if ["checkbox", "radio"].contains(&kind(element)) => element.attr("checked").is_some().to_string(),
        _ => element.attr("value").unwrap_or_default().to_owned(),
    }
}

/// What goes out when the button of these words is pressed.
#[track_caller]
pub fn sent(page: &Page, words: &str, edits: &Edits) -> Sent {
    let buttons = page.elements("button, input[type=submit]");
    let buttons = buttons.into_iter().filter(|button| !["button", "reset"].contains(&button.attr("type").unwrap_or("submit")));
    let buttons = buttons.collect::<Vec<_>>();
    let named = buttons
        .iter()
        .filter(|button| name(page, **button) == words || button.attr("value") == Some(words) && button.value().name() == "input");
    let fitting = named.filter_map(|button| {
        let form = form_of(page, *button)?;
        let inside = controls(page, form);
        edits.touched().all(|id| inside.iter().any(|control| control.id() == *id)).then_some((*button, form, inside))
    });
    let fitting = fitting.collect::<Vec<_>>();
    let names = || buttons.iter().map(|button| name(page, *button)).collect::<Vec<_>>();
    assert!(!fitting.is_empty(), "no button {words} beside these fields on {}; there are {:?}", page.url, names());
    assert_eq!(fitting.len(), 1, "several buttons {words} on {}; use within()", page.url);
    let Some((button, form, inside)) = fitting.into_iter().next() else { unreachable!() };
    let mut fields = inside.into_iter().flat_map(|control| successful(control, edits)).collect::<Vec<_>>();
    if let Some(name) = button.attr("name") {
        fields.push((name.to_owned(), Field::Text(button.attr("value").unwrap_or_default().to_owned())));
    }
    let of = |button_says: &str, form_says: &str| button.attr(button_says).or(form.attr(form_says)).unwrap_or_default().to_owned();
    Sent {
        action: of("formaction", "action"),
        method: if of("formmethod", "method").eq_ignore_ascii_case("post") { Method::POST } else { Method::GET },
        is_multipart: of("formenctype", "enctype") == "multipart/form-data",
        fields,
    }
}

#[track_caller]
fn one<'a>(page: &Page, label: &str, all: Vec<ElementRef<'a>>) -> ElementRef<'a> {
    let found = all.iter().filter(|control| name(page, **control) == label).copied().collect::<Vec<_>>();
    match found[..] {
        [only] => only,
        [] => {
            panic!("no field {label} on {}; there are {:?}", page.url, all.iter().map(|control| name(page, *control)).collect::<Vec<_>>())
        }
        _ => panic!("{} fields {label} on {}; use within()", found.len(), page.url),
    }
}

/// The words of a label without its help and its mark.
fn label_text(label: ElementRef) -> String {
    let aside = selector("small, .od-required, .od-help, option, select, textarea");
    let without: Vec<NodeId> = label.select(&aside).map(|part| part.id()).collect();
    let texts = label.descendants().filter(|node| !node.ancestors().any(|above| without.contains(&above.id())));
    one_space(&texts.filter_map(|node| node.value().as_text().map(|text| text.to_string())).collect::<String>())
}

fn legend(page: &Page, radio: ElementRef) -> String {
    let Some(group) = ancestor(radio, "fieldset") else { return String::new() };
    if group.attr("aria-label").is_some() || group.attr("aria-labelledby").is_some() {
        return name(page, group);
    }
    group.select(&selector("legend")).next().map(label_text).unwrap_or_default()
}

fn form_of<'a>(page: &'a Page, control: ElementRef<'a>) -> Option<ElementRef<'a>> {
    match control.attr("form") {
        Some(id) => by_css(page, &format!("form[id='{id}']")).into_iter().next(),
        None => ancestor(control, "form"),
    }
}

fn controls<'a>(page: &'a Page, form: ElementRef<'a>) -> Vec<ElementRef<'a>> {
    let all = by_css(page, "input, select, textarea").into_iter();
    all.filter(|control| form_of(page, *control).is_some_and(|own| own.id() == form.id())).collect()
}

fn successful(control: ElementRef, edits: &Edits) -> Vec<(String, Field)> {
    let Some(name) = control.attr("name").filter(|name| !name.is_empty()) else { return Vec::new() };
    let is_off = ancestor(control, "fieldset").is_some_and(|group| group.attr("disabled").is_some());
    if control.attr("disabled").is_some() || is_off {
        return Vec::new();
    }
    let texts = match (control.value().name(), kind(control)) {
        ("input", "submit" | "button" | "reset" | "image") => Vec::new(),
        ("input", "checkbox" | "radio") => {
            let is_on = edits.checked.get(&control.id()).copied().unwrap_or(control.attr("checked").is_some());
            if is_on { vec![control.attr("value").unwrap_or("on").to_owned()] } else { Vec::new() }
        }
        ("input", "file") => {
            let empty = (String::new(), "application/octet-stream".to_owned(), Vec::new());
            let (file, kind, bytes) = edits.files.get(&control.id()).cloned().unwrap_or(empty);
            return vec![(name.to_owned(), Field::File(file, kind, bytes))];
        }
        ("select", _) => edits.values.get(&control.id()).cloned().unwrap_or_else(|| chosen(control)),
        _ => edits.values.get(&control.id()).cloned().unwrap_or_else(|| vec![value(control)]),
    };
    texts.into_iter().map(|text| (name.to_owned(), Field::Text(text))).collect()
}

fn chosen(select: ElementRef) -> Vec<String> {
    let options = select.select(&selector("option")).collect::<Vec<_>>();
    let marked = options.iter().filter(|option| option.attr("selected").is_some()).map(|option| option_value(*option)).collect::<Vec<_>>();
    if marked.is_empty() && select.attr("multiple").is_none() {
        options.first().map(|option| option_value(*option)).into_iter().collect()
    } else {
        marked
    }
}

fn option_value(option: ElementRef) -> String {
    option.attr("value").map_or_else(|| text(option), str::to_owned)
}

fn kind<'a>(control: ElementRef<'a>) -> &'a str {
    control.value().attr("type").unwrap_or("text")
}

fn ancestor<'a>(element: ElementRef<'a>, tag: &str) -> Option<ElementRef<'a>> {
    element.ancestors().filter_map(ElementRef::wrap).find(|above| above.value().name() == tag)
}

fn by_css<'a>(page: &'a Page, css: &str) -> Vec<ElementRef<'a>> {
    page.document().select(&selector(css)).collect()
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css}: {error}"))
}

fn one_space(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
