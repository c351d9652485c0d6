//! A subject and a plain body, already filled in, become the text and the HTML of a mail (M9). The layouts escape everything.

use askama::Template;

use super::message::MOST_SUBJECT;

/// What a mail says, before it is laid out.
#[derive(Debug, Clone, Copy)]
pub struct Letter<'a> {
    /// Whose installation writes; stands below the text.
    pub organisation: &'a str,
    /// The BCP 47 tag of the recipient's language.
    pub language: &'a str,
    /// One line.
    pub subject: &'a str,
    /// Paragraphs divided by blank lines. A line that is only an http or https address becomes a link, and a button
    /// where the line before ends in a colon: that line is then what the button says.
    pub body: &'a str,
}

/// A laid out mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The subject on one line of at most 200 characters.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML document.
    pub html: String,
}

/// Lays out `letter`.
///
/// # Errors
/// Where a layout cannot be written out, which only a lack of memory explains.
pub fn lay_out(letter: &Letter<'_>) -> Result<Parts, askama::Error> {
    let subject = one_line(letter.subject);
    let organisation = one_line(letter.organisation);
    let body = clean(letter.body);
    let text = TextLayout { organisation: &organisation, body: &body }.render()?;
    let html = HtmlLayout { organisation: &organisation, language: letter.language, subject: &subject, blocks: blocks(&body) }.render()?;
    Ok(Parts { subject, text, html })
}

#[derive(Template)]
#[template(path = "mail/layout.txt")]
struct TextLayout<'a> {
    organisation: &'a str,
    body: &'a str,
}

#[derive(Template)]
#[template(path = "mail/layout.html")]
struct HtmlLayout<'a> {
    organisation: &'a str,
    language: &'a str,
    subject: &'a str,
    blocks: Vec<Block<'a>>,
}

/// A part of a body as it is laid out.
#[derive(Debug, PartialEq, Eq)]
pub enum Block<'a> {
    /// Lines of text.
    Paragraph(Vec<&'a str>),
    /// A web address.
    Link {
        /// Where it leads.
        address: &'a str,
    },
    /// A web address with words on it.
    Button {
        /// The words.
        says: &'a str,
        /// Where it leads.
        address: &'a str,
    },
}

/// Filled in names may make a subject longer than a mail allows; the end of it is then what can be missed best.
fn one_line(text: &str) -> String {
    let text = text.split(|c: char| c.is_control() || c == ' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    if text.chars().count() <= MOST_SUBJECT {
        return text;
    }
    let mut cut: String = text.chars().take(MOST_SUBJECT - 1).collect();
    cut.push('…');
    cut
}

fn clean(body: &str) -> String {
    let body: String = body.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    body.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The parts of a body.
pub fn blocks(body: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in body.lines() {
        if line.is_empty() {
            end_paragraph(&mut blocks, &mut lines);
        } else if is_address(line.trim()) {
            let address = line.trim();
            let says = lines.pop_if(|line| line.ends_with(':')).map(|line| line.trim_end_matches(':').trim());
            end_paragraph(&mut blocks, &mut lines);
            blocks.push(says.map_or(Block::Link { address }, |says| Block::Button { says, address }));
        } else {
            lines.push(line);
        }
    }
    end_paragraph(&mut blocks, &mut lines);
    blocks
}

fn end_paragraph<'a>(blocks: &mut Vec<Block<'a>>, lines: &mut Vec<&'a str>) {
    if !lines.is_empty() {
        blocks.push(Block::Paragraph(std::mem::take(lines)));
    }
}

fn is_address(line: &str) -> bool {
    !line.contains(char::is_whitespace) && url::Url::parse(line).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(subject: &str, body: &str) -> Parts {
        lay_out(&Letter { organisation: "Northwind & Sons", language: "es", subject, body }).unwrap()
    }

    #[test]
    fn the_text_is_the_body_with_the_organisation_below() {
        assert_eq!(parts("Hi", "Hello,\r\n\r\nall is <well>.  \n").text, "Hello,\n\nall is <well>.\n\n-- \nNorthwind & Sons\n");
    }

    #[test]
    fn the_html_is_escaped_and_names_its_language() {
        let html = parts("<b>Hi</b>", "Hello <script>alert(1)</script>,\nsecond line\n\nthird").html;
        assert!(html.contains(r#"<html lang="es""#));
        assert!(!html.contains("<script>") && !html.contains("<b>Hi"), "{html}");
        assert!(html.contains("&#60;script&#62;alert(1)"), "{html}");
        assert!(html.contains("second line") && html.contains("<br>"));
        assert!(html.contains("Northwind &#38; Sons"));
        assert!(!html.contains("<img") && !html.contains("<table") && !html.contains("src="));
    }

    #[test]
    fn an_address_on_its_own_line_is_a_link_and_after_a_colon_a_button() {
        let read = |body: &'static str| blocks(body);
        let address = "https://onduty.example/invitation/abc?x=1&y=2";
        assert_eq!(read("https://onduty.example/invitation/abc?x=1&y=2"), [Block::Link { address }]);
        assert_eq!(
            read("Welcome.\nChoisissez votre mot de passe\u{a0}:\nhttps://onduty.example/invitation/abc?x=1&y=2\nafter"),
            [
                Block::Paragraph(vec!["Welcome."]),
                Block::Button { says: "Choisissez votre mot de passe", address },
                Block::Paragraph(vec!["after"])
            ]
        );
        for no_link in ["see https://onduty.example", "javascript:alert(1)", "mailto:a@example.org", "https://"] {
            assert_eq!(read(no_link), [Block::Paragraph(vec![no_link])]);
        }
        let html = parts("x", "Go:\nhttps://onduty.example/?a=%22&b=\"><script>").html;
        assert!(!html.contains("\"><script>"), "{html}");
    }

    #[test]
    fn a_subject_is_one_line_of_bearable_length() {
        assert_eq!(parts("  a \r\nBcc: b\0c ", "x").subject, "a Bcc: b c");
        let long = parts(&"é".repeat(300), "x").subject;
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn control_characters_in_a_body_vanish() {
        let parts = parts("x", "a\0b\u{8}c\u{85}d\te");
        assert!(parts.text.starts_with("abcd\te\n"), "{:?}", parts.text);
    }
}
