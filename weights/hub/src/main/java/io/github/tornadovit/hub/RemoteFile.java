package io.github.tornadovit.hub;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A file as the hub describes it.
 *
 * @param commit of the revision that was asked for
 * @param etag the name of its blob
 * @param size in bytes, empty if the server does not say
 * @param location where its bytes are: the hub itself, or a signed address elsewhere
 */
record RemoteFile(String commit, String etag, OptionalLong size, URI location) {
  // A blob is named by it, so it must not be a path; '.' would do for etag.incomplete of another.
  private static final Pattern ETAG = Pattern.compile("[0-9A-Za-z_-]{1,128}");

  /**
   * Reads the headers of an answer to HEAD.
   *
   * @throws HubException if they are not the hub's
   */
  static RemoteFile of(URI asked, HttpHeaders headers, URI location, boolean redirected) {
    String commit = headers.firstValue("X-Repo-Commit").orElse("");
    if (!HubModel.isCommit(commit)) {
      throw protocol(asked, "X-Repo-Commit", commit, "a commit of 40 hexadecimal digits");
    }
    Optional<String> linked = headers.firstValue("X-Linked-ETag");
    String etag = unquoted(linked.or(() -> headers.firstValue("ETag")).orElse(""));
    if (!ETAG.matcher(etag).matches()) {
      throw protocol(asked, "ETag", etag, "letters, digits, '-' and '_', at most 128");
    }
    Optional<String> size = headers.firstValue("X-Linked-Size");
    if (size.isEmpty() && !redirected) {
      size = headers.firstValue("Content-Length");
    }
    return new RemoteFile(
        commit, etag, size.map(text -> bytes(asked, text)).orElse(OptionalLong.empty()), location);
  }

  /** {@code W/"abc"} and {@code "abc"} are {@code abc}. */
  private static String unquoted(String etag) {
    String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
    return strong.replaceAll("^\"|\"$", "");
  }

  private static OptionalLong bytes(URI asked, String text) {
    if (!text.matches("[0-9]{1,18}")) {
      throw protocol(asked, "the length", text, "a number of bytes");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  private static HubException protocol(URI asked, String header, String got, String expected) {
    return new HubException(
        HubException.Reason.PROTOCOL,
        "%s answers %s '%s', expected %s; this is no hub of models, or a proxy answers in its place: look at HF_ENDPOINT"
            .formatted(Addresses.shown(asked), header, Text.shown(got), expected));
  }
}
