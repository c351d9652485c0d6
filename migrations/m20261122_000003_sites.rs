//! Sites: hosts, departments offered, and how a visitor's language is found (LA-3).

pub const SCRIPT: &str = r"
CREATE TABLE sites (
    id {id},
    slug {key} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key {key} NOT NULL UNIQUE,
    language_order TEXT NOT NULL,
    url_rules TEXT NOT NULL,
    countries TEXT NOT NULL,
    fixed TEXT REFERENCES languages (tag),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE site_hosts (
    pattern {key} NOT NULL PRIMARY KEY,
    site_id BIGINT NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    position BIGINT NOT NULL
);
CREATE INDEX site_hosts_site ON site_hosts (site_id, position);

CREATE TABLE site_departments (
    site_id BIGINT NOT NULL REFERENCES sites (id) ON DELETE CASCADE,
    department_id BIGINT NOT NULL REFERENCES departments (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    PRIMARY KEY (site_id, department_id)
);
CREATE INDEX site_departments_department ON site_departments (department_id, site_id);
";
