//! Picture files made by hand, where no encoder here writes what a test needs.
#![allow(dead_code, reason = "every test file uses some of them")]

/// Type codes of TIFF fields (TIFF 6.0, section 2).
pub(crate) const SHORT: u16 = 3;
pub(crate) const LONG: u16 = 4;

/// One field of a TIFF directory: tag, type, count, value or offset.
pub(crate) type Field = (u16, u16, u32, u32);

/// The header and one directory of a TIFF file, followed by `data`; a value of [`u32::MAX`] becomes the offset of `data`.
pub(crate) fn tiff(is_little_endian: bool, fields: &[Field], data: &[u8]) -> Vec<u8> {
    let short = |number: u16| if is_little_endian { number.to_le_bytes() } else { number.to_be_bytes() };
    let long = |number: u32| if is_little_endian { number.to_le_bytes() } else { number.to_be_bytes() };
    let data_offset = 8 + 2 + 12 * fields.len() as u32 + 4;
    let mut bytes = if is_little_endian { b"II".to_vec() } else { b"MM".to_vec() };
    bytes.extend(short(42));
    bytes.extend(long(8));
    bytes.extend(short(fields.len() as u16));
    for &(tag, kind, count, value) in fields {
        bytes.extend([short(tag), short(kind)].as_flattened());
        bytes.extend(long(count));
        let value = if value == u32::MAX { data_offset } else { value };
        match kind {
            SHORT if count == 1 => bytes.extend([short(value as u16), [0, 0]].as_flattened()),
            _ => bytes.extend(long(value)),
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(data);
    bytes
}

/// The fields of an uncompressed picture whose pixels are the data behind the directory. `extra` fields have larger tags.
pub(crate) fn tiff_picture(
    is_little_endian: bool,
    (width_px, height_px): (u32, u32),
    (photometric, samples_per_px, depth_bits): (u32, u32, u32),
    extra: &[Field],
    pixels: &[u8],
) -> Vec<u8> {
    let mut fields = vec![
        (256, LONG, 1, width_px),
        (257, LONG, 1, height_px),
        // Up to two depths stand in the field itself; more, all alike, are not needed by what reads them here.
        (258, SHORT, 1, depth_bits),
        (259, SHORT, 1, 1),
        (262, SHORT, 1, photometric),
        (273, LONG, 1, u32::MAX),
        (277, SHORT, 1, samples_per_px),
        (278, LONG, 1, height_px),
        (279, LONG, 1, pixels.len() as u32),
    ];
    fields.extend(extra);
    fields.sort_unstable_by_key(|field| field.0);
    tiff(is_little_endian, &fields, pixels)
}

/// `png` with a chunk put in before the first of kind `before`.
pub(crate) fn with_chunk(png: &[u8], before: [u8; 4], kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let place = png.windows(4).position(|window| window == before).expect("the chunk is there") - 4;
    let mut chunk = (content.len() as u32).to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(content);
    chunk.extend(crc_32(&chunk[4..]).to_be_bytes());
    [&png[..place], &chunk, &png[place..]].concat()
}

/// The sum of a PNG chunk (ISO/IEC 15948, annex D).
fn crc_32(bytes: &[u8]) -> u32 {
    let step = |sum: u32| if sum & 1 == 1 { 0xEDB8_8320 ^ (sum >> 1) } else { sum >> 1 };
    !bytes.iter().fold(u32::MAX, |sum, &byte| (0..8).fold(sum ^ u32::from(byte), |sum, _| step(sum)))
}

/// `jpeg` with a segment put in behind its first marker.
pub(crate) fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, content, &jpeg[2..]].concat()
}
