//! HTML that people write, made harmless before it is kept (DE-7, X-rules of QUALITY 2): an allow list of tags and attributes, no
//! scripts, no styles, no frames, and addresses of four kinds only.

use std::collections::HashSet;
use std::sync::LazyLock;

use ammonia::Builder;

/// What a signature may hold. Styles are left out: they could lay a signature over the text around it.
static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .tags(HashSet::from([
            "a",
            "b",
            "blockquote",
            "br",
            "code",
            "div",
            "em",
            "hr",
            "i",
            "img",
            "li",
            "ol",
            "p",
            "s",
            "small",
            "span",
            "strong",
            "sub",
            "sup",
            "table",
            "tbody",
            "td",
            "tr",
            "u",
            "ul",
        ]))
        .generic_attributes(HashSet::from(["lang", "title"]))
        .url_schemes(HashSet::from(["https", "http", "mailto", "tel"]))
        .link_rel(Some("noopener noreferrer"));
    builder
});

/// The text with nothing in it that could do harm in a mail or on a page.
pub fn sanitised(html: &str) -> String {
    ALLOWED.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_do_harm_is_taken_out() {
        for (raw, clean) in [
            ("<b>Ana</b><br>Support", "<b>Ana</b><br>Support"),
            ("<script>steal()</script>Ana", "Ana"),
            ("<p onclick=\"x()\" style=\"position:fixed\">Ana</p>", "<p>Ana</p>"),
            ("<a href=\"javascript:x()\">Ana</a>", "<a rel=\"noopener noreferrer\">Ana</a>"),
            (
                "<img src=\"https://example.org/a.png\" onerror=\"x()\" alt=\"Logo\">",
                "<img src=\"https://example.org/a.png\" alt=\"Logo\">",
            ),
            ("<iframe src=\"https://example.org\"></iframe>", ""),
            ("<b>open", "<b>open</b>"),
            ("a < b", "a &lt; b"),
        ] {
            assert_eq!(sanitised(raw), clean, "{raw}");
        }
    }
}
