//! The one table of lengths, in characters, for forms, API and mails (F-5, F3).

/// Names of people.
pub const NAME: usize = 100;
/// The name shown to customers.
pub const ALIAS: usize = 60;
/// E-mail addresses, in bytes (RFC 5321).
pub const EMAIL: usize = 254;
/// Telephone numbers.
pub const PHONE: usize = 40;
/// One job position in one language.
pub const JOB_POSITION: usize = 100;
/// Names of roles.
pub const ROLE_NAME: usize = 60;
/// Names of statuses, in any language.
pub const STATUS_NAME: usize = 60;
/// Names of languages.
pub const LANGUAGE_NAME: usize = 60;
/// Names of sites.
pub const SITE_NAME: usize = 60;
/// Names of schedules and of exceptions.
pub const SCHEDULE_NAME: usize = 80;
/// The organisation's name.
pub const ORGANISATION_NAME: usize = 100;
/// Names of departments, in any language.
pub const DEPARTMENT_NAME: usize = 60;
/// Descriptions of departments.
pub const DESCRIPTION: usize = 500;
/// Names in addresses, in bytes.
pub const SLUG: usize = 40;
/// A signature, plain or HTML.
pub const SIGNATURE: usize = 2_000;
/// What visitors of a site read while nobody receives.
pub const MESSAGE_TEXT: usize = 1_000;
/// Subjects of mails; a longer header without a space would be refused by mail servers.
pub const SUBJECT: usize = 200;
/// Body of a mail template.
pub const TEMPLATE_BODY: usize = 10_000;
/// Body of an automatic reply.
pub const REPLY_BODY: usize = 2_000;
/// Names of categories, in any language.
pub const CATEGORY_NAME: usize = 60;
/// Names of API keys.
pub const KEY_NAME: usize = 100;
/// What a program calls itself that sends heartbeats.
pub const CLIENT: usize = 100;
/// What a requester writes.
pub const QUERY_BODY: usize = 20_000;
/// Ids that other programs give to queries.
pub const EXTERNAL_ID: usize = 200;
/// Ids of mails, with their angle brackets (RFC 5322).
pub const MESSAGE_ID: usize = 998;
/// Header fields of one mail.
pub const MAIL_HEADERS: usize = 500;
/// One header field of a mail.
pub const MAIL_HEADER: usize = 10_000;
/// Addresses of pages.
pub const PAGE_ADDRESS: usize = 2_000;
/// Notes of colleagues.
pub const NOTE: usize = 1_000;
/// Search words.
pub const SEARCH: usize = 100;
/// What is kept of a browser's description.
pub const USER_AGENT: usize = 300;
