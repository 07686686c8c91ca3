package io.github.tornadovit.engine.image;

import io.github.tornadovit.engine.image.codec.Bytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Recognises files that are not decoded by their first bytes, and says what to do with them. */
final class ForeignFormat {
  private static final String CONVERT = "; convert it to JPEG or PNG first";
  private static final String DEVELOP =
      "a camera raw file; develop it to JPEG or TIFF first, as darktable and dcraw do";

  /** A format that begins with a signature. */
  private record Signature(int offset, String bytes, String description) {}

  private static final List<Signature> SIGNATURES =
      List.of(
          new Signature(
              4, "ftypavif", "an AVIF image" + CONVERT + ", as avifdec and ImageMagick do"),
          new Signature(
              4, "ftypavis", "an AVIF image" + CONVERT + ", as avifdec and ImageMagick do"),
          new Signature(4, "ftyphei", "a HEIC image" + CONVERT + ", as heif-convert does"),
          new Signature(4, "ftyphev", "a HEIC image" + CONVERT + ", as heif-convert does"),
          new Signature(4, "ftypmif1", "a HEIF image" + CONVERT + ", as heif-convert does"),
          new Signature(4, "ftypmsf1", "a HEIF image" + CONVERT + ", as heif-convert does"),
          new Signature(4, "ftypcrx", DEVELOP),
          new Signature(4, "ftyp", "a video; save its frames as images first, as ffmpeg does"),
          new Signature(0, "\u001aE\u00df\u00a3", "a video; save its frames as images first"),
          new Signature(8, "AVI ", "a video; save its frames as images first"),
          new Signature(4, "jP  \r\n", "a JPEG 2000 image" + CONVERT),
          new Signature(0, "\u00ffO\u00ffQ", "a JPEG 2000 image" + CONVERT),
          new Signature(4, "JXL \r\n", "a JPEG XL image" + CONVERT + ", as djxl does"),
          new Signature(0, "\u00ff\n", "a JPEG XL image" + CONVERT + ", as djxl does"),
          new Signature(0, "II\u00bc\1", "a JPEG XR image" + CONVERT),
          new Signature(0, "\0\0\1\0", "a Windows icon" + CONVERT),
          new Signature(0, "8BPS", "a Photoshop document" + CONVERT),
          new Signature(0, "gimp xcf", "a GIMP image" + CONVERT),
          new Signature(0, "qoif", "a QOI image" + CONVERT),
          new Signature(0, "v/1\1", "an OpenEXR image" + CONVERT),
          new Signature(0, "#?RADIANCE", "a Radiance HDR image" + CONVERT),
          new Signature(0, "DDS ", "a DDS texture" + CONVERT),
          new Signature(0, "\u0001\u00da", "an SGI image" + CONVERT),
          new Signature(0, "P7\n", "a PAM image" + CONVERT + ", as pamtopnm does"),
          new Signature(0, "PF\n", "a color PFM image" + CONVERT),
          new Signature(0, "IIRO", DEVELOP),
          new Signature(0, "IIRS", DEVELOP),
          new Signature(0, "IIU\0", DEVELOP),
          new Signature(0, "FUJIFILMCCD-RAW", DEVELOP),
          new Signature(0, "FOVb", DEVELOP),
          new Signature(0, "SIMPLE  =", "a FITS image" + CONVERT),
          new Signature(128, "DICM", "a DICOM image" + CONVERT),
          new Signature(0, "%PDF", "a PDF document; render its pages to PNG first"),
          new Signature(0, "%!PS", "a PostScript document; render it to PNG first"),
          new Signature(0, "PK\3\4", "a ZIP archive; unpack it first"),
          new Signature(0, "\u001f\u008b", "a gzip file; unpack it first"),
          new Signature(0, "Rar!", "a RAR archive; unpack it first"),
          new Signature(0, "7z\u00bc\u00af", "a 7-Zip archive; unpack it first"),
          new Signature(257, "ustar", "a tar archive; unpack it first"),
          new Signature(
              0, "version https://git-lfs", "a Git LFS pointer; run git lfs pull to get the file"));

  /** Most of them begin as a TIFF does, whose first picture is but a thumbnail. */
  private static final Set<String> RAW_ENDINGS =
      Set.of(
          "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "kdc", "mef", "mos", "mrw", "nef",
          "nrw", "orf", "pef", "raf", "rw2", "rwl", "sr2", "srf", "srw", "x3f");

  private ForeignFormat() {}

  /** A description for a file of such a name, whatever it begins with; null for others. */
  static @Nullable String named(String ending) {
    return RAW_ENDINGS.contains(ending) ? DEVELOP : null;
  }

  /**
   * The format's name, with its article, and the way out after a semicolon where there is one.
   *
   * @param start the first bytes of a file that is of none of the formats that are decoded
   */
  static String describe(Bytes start) {
    if (start.length() == 0) {
      return "an empty file";
    }
    for (Signature signature : SIGNATURES) {
      if (start.startsWith(signature.offset(), signature.bytes())) {
        return signature.description();
      }
    }
    byte[] head = Arrays.copyOf(start.array(), Math.min(start.length(), ImageFormat.HEAD_BYTES));
    if (!isText(head)) {
      return "of an unknown format (it starts with bytes "
          + HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(head.length, 8))
          + ")";
    }
    String text = new String(head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (text.contains("<svg")) {
      return "an SVG drawing; render it to PNG first, as rsvg-convert does";
    }
    return text.contains("<html") ? "an HTML page" : "a text file";
  }

  /** Whether it is UTF-8, but for a last character that is cut, without control characters. */
  private static boolean isText(byte[] head) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(head.length);
    if (decoder.decode(ByteBuffer.wrap(head), text, false).isError()) {
      return false;
    }
    return text.flip().chars().allMatch(c -> c >= ' ' || (c >= '\t' && c <= '\r'));
  }
}
