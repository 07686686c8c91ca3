package io.github.tornadovit.cli.serve;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files of a form, {@code multipart/form-data} (RFC 7578, RFC 2046 section 5.1), as browsers
 * and {@code curl -F} send them.
 */
final class Multipart {
  private static final String TYPE = "multipart/form-data";
  private static final int MAX_HEAD = 8192;

  /** RFC 2046: up to 70 characters, of which none ends a line. */
  private static final Pattern BOUNDARY = Pattern.compile("[!-~ ]{0,69}[!-~]");

  private final byte[] body;
  private int at;

  private Multipart(byte[] body) {
    this.body = body;
  }

  static boolean is(@Nullable String contentType) {
    return contentType != null && contentType.strip().toLowerCase(Locale.ROOT).startsWith(TYPE);
  }

  /**
   * Reads all files.
   *
   * @param contentType with the boundary
   * @param most files
   * @return at least one
   * @throws Refusal if it is malformed, has none or too many, or a field that is no file
   */
  static List<Input.File> files(byte[] body, String contentType, int most) throws Refusal {
    String boundary = parameter(contentType, "boundary");
    if (boundary == null || !BOUNDARY.matcher(boundary).matches()) {
      throw Refusal.bad("Content-Type '%s' gives no boundary".formatted(contentType));
    }
    List<Input.File> files =
        new Multipart(body).files(("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII), most);
    if (files.isEmpty()) {
      throw Refusal.bad("the form has no file, expected 1 to %d images".formatted(most));
    }
    return files;
  }

  private List<Input.File> files(byte[] delimiter, int most) throws Refusal {
    List<Input.File> files = new ArrayList<>();
    // The first delimiter may stand at the very beginning, without the end of a line.
    at = startsWith(delimiter, 2, 0) ? delimiter.length - 2 : after(delimiter, 0);
    while (!startsWith("--".getBytes(StandardCharsets.US_ASCII), 0, at)) {
      endLine();
      String head = head();
      int end = indexOf(delimiter, at);
      if (end < 0) {
        throw malformed("a part is not ended by the boundary");
      }
      if (files.size() == most) {
        throw Refusal.tooLarge("the form has more than %d images".formatted(most));
      }
      files.add(new Input.File(Arrays.copyOfRange(body, at, end), fileName(head)));
      at = end + delimiter.length;
    }
    return files;
  }

  /** Behind a delimiter there may be blanks. */
  private void endLine() throws Refusal {
    while (at < body.length && (body[at] == ' ' || body[at] == '\t')) {
      at++;
    }
    if (!startsWith("\r\n".getBytes(StandardCharsets.US_ASCII), 0, at)) {
      throw malformed("a boundary is not the end of its line");
    }
    at += 2;
  }

  /** The headers of a part; behind them, and an empty line, its content begins. */
  private String head() throws Refusal {
    if (startsWith("\r\n".getBytes(StandardCharsets.US_ASCII), 0, at)) {
      throw malformed("a part has no Content-Disposition");
    }
    int end = indexOf("\r\n\r\n".getBytes(StandardCharsets.US_ASCII), at);
    if (end < 0 || end - at > MAX_HEAD) {
      throw malformed("the headers of a part do not end within %d bytes".formatted(MAX_HEAD));
    }
    String head = new String(body, at, end - at, StandardCharsets.UTF_8);
    at = end + 4;
    return head;
  }

  private static String fileName(String head) throws Refusal {
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
        String extended = parameter(line, "filename*");
        String name = extended == null ? parameter(line, "filename") : decoded(extended);
        if (name != null) {
          return name.isEmpty() ? "file" : name;
        }
        String field = parameter(line, "name");
        throw Refusal.bad(
            "a field%s of the form is no file; options belong behind the question mark"
                .formatted(field == null ? "" : ", '" + field + "',"));
      }
    }
    throw malformed("a part has no Content-Disposition");
  }

  /** A name as RFC 5987 has it, and some clients send it: {@code UTF-8''na%C3%AFve.jpg}. */
  private static String decoded(String extended) throws Refusal {
    String[] parts = extended.split("'", 3);
    boolean latin = parts[0].equalsIgnoreCase("iso-8859-1");
    if (parts.length == 3 && (latin || parts[0].equalsIgnoreCase("utf-8"))) {
      try {
        return URLDecoder.decode(
            parts[2].replace("+", "%2B"),
            latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
      } catch (IllegalArgumentException _) {
        // As wrong as without a charset.
      }
    }
    throw malformed("filename* is %s, expected UTF-8''name, percent-encoded".formatted(extended));
  }

  /** The value of {@code ; name=value} or {@code ; name="value"}; null if there is none. */
  private static @Nullable String parameter(String header, String name) {
    int i = header.indexOf(';');
    while (i >= 0 && i < header.length()) {
      int equals = header.indexOf('=', i);
      if (equals < 0) {
        return null;
      }
      String key = header.substring(i + 1, equals).strip();
      StringBuilder value = new StringBuilder();
      i = equals + 1;
      boolean quoted = i < header.length() && header.charAt(i) == '"';
      i += quoted ? 1 : 0;
      while (i < header.length() && header.charAt(i) != (quoted ? '"' : ';')) {
        i += quoted && header.charAt(i) == '\\' && i + 1 < header.length() ? 1 : 0;
        value.append(header.charAt(i++));
      }
      if (key.equalsIgnoreCase(name)) {
        return quoted ? value.toString() : value.toString().strip();
      }
      i = header.indexOf(';', i);
    }
    return null;
  }

  private int after(byte[] what, int from) throws Refusal {
    int found = indexOf(what, from);
    if (found < 0) {
      throw malformed("it does not have the boundary that Content-Type gives, or ends early");
    }
    return found + what.length;
  }

  /** Linear, since what is looked for has its first byte, an end of line, nowhere else but once. */
  private int indexOf(byte[] what, int from) {
    for (int i = from; i <= body.length - what.length; i++) {
      if (body[i] == what[0] && startsWith(what, 0, i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean startsWith(byte[] what, int skipped, int position) {
    int length = what.length - skipped;
    return position + length <= body.length
        && Arrays.equals(body, position, position + length, what, skipped, skipped + length);
  }

  private static Refusal malformed(String problem) {
    return Refusal.bad("the form is malformed: " + problem);
  }
}
