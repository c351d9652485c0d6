//! Tables to download: RFC 4180, written while they are read, with nothing in them that a spreadsheet would run.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt, stream};

use super::visit::Visit;
use crate::actions::Ctx;
use crate::domain::csv_table::harmless;
use crate::error::{AppError, Result};

/// Without this mark Excel takes the file for another encoding, and breaks every accent when it is saved again.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Rows as CSV, each cell harmless.
pub fn lines<R: IntoIterator<Item = String>>(rows: impl IntoIterator<Item = R>) -> Result<Bytes> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.into_iter().map(harmless)).map_err(AppError::unexpected)?;
    }
    writer.into_inner().map(Bytes::from).map_err(AppError::unexpected)
}

/// A download named after its content and the day at the reader's place.
pub fn download(ctx: &Ctx, visit: &Visit, name: &str, rows: impl Stream<Item = Result<Bytes>> + 'static) -> HttpResponse {
    let day = ctx.now().with_timezone(&visit.zone).format("%Y-%m-%d");
    attachment(&format!("{name}-{day}.csv"), rows)
}

/// The same for people's spreadsheets, which are to find accents right.
pub fn download_marked(ctx: &Ctx, visit: &Visit, name: &str, rows: impl Stream<Item = Result<Bytes>> + 'static) -> HttpResponse {
    download(ctx, visit, name, stream::once(async { Ok(Bytes::from_static(MARK)) }).chain(rows))
}

fn attachment(name: &str, rows: impl Stream<Item = Result<Bytes>> + 'static) -> HttpResponse {
    let disposition = format!("attachment; filename=\"{name}\"");
    HttpResponse::Ok().content_type("text/csv; charset=utf-8").insert_header((header::CONTENT_DISPOSITION, disposition)).streaming(rows)
}
