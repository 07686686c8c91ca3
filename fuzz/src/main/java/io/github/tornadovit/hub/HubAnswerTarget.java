package io.github.tornadovit.hub;

import io.github.tornadovit.fuzz.FuzzTarget;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An answer of the hub: a line with its status, then a header per line. In the hub's package
 * because there the answers are read, and an HTTP server in between would slow a thousand times.
 */
public final class HubAnswerTarget implements FuzzTarget {
  private static final URI ASKED = URI.create("https://hub.example/o/n/resolve/main/config.json");
  private static final HubModel MODEL = HubModel.of("o/n");
  private static final Path BLOBS = Path.of("cache", "blobs");
  private static final Pattern NAME = Pattern.compile("[!-9;-~]+");

  private final Failures failures =
      new Failures(
          new HubSettings(
              URI.create("https://hub.example"),
              Path.of("cache"),
              null,
              false,
              true,
              Duration.ofSeconds(1),
              Duration.ofSeconds(1),
              HubSettings.DEFAULT_DOWNLOADS,
              ProxySettings.JAVA),
          MODEL);

  @Override
  public void read(byte[] input) {
    List<String> lines = new String(input, StandardCharsets.ISO_8859_1).lines().toList();
    int status = lines.isEmpty() ? 0 : status(lines.getFirst());
    HttpHeaders headers = headers(lines.subList(Math.min(1, lines.size()), lines.size()));
    if (status == 200) {
      check(RemoteFile.of(ASKED, headers, ASKED, false));
    } else if (status / 100 == 3) {
      String location = headers.firstValue("Location").orElse(null);
      URI target = Addresses.redirect(ASKED, location);
      if (!target.getScheme().equalsIgnoreCase("https") || target.getRawUserInfo() != null) {
        throw new AssertionError("follows to " + target);
      }
      if (!Addresses.isHub(ASKED, target)) {
        check(RemoteFile.of(ASKED, headers, target, true));
      }
    } else {
      throw failures.of(status, headers, "config.json", ASKED);
    }
  }

  private static void check(RemoteFile file) {
    Path blob = BLOBS.resolve(file.etag());
    if (!HubModel.isCommit(file.commit())
        || !blob.normalize().equals(blob)
        || !BLOBS.equals(blob.getParent())
        || file.size().orElse(0) < 0) {
      throw new AssertionError("accepted " + file);
    }
  }

  private static int status(String line) {
    String digits = line.replaceAll("[^0-9]", "");
    return digits.isEmpty()
        ? 0
        : Integer.parseInt(digits.substring(0, Math.min(3, digits.length())));
  }

  /** As the JDK's client hands them over: names are tokens, values without line ends. */
  private static HttpHeaders headers(List<String> lines) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).strip();
      if (NAME.matcher(name).matches()) {
        headers
            .computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new ArrayList<>())
            .add(line.substring(colon + 1).strip());
      }
    }
    return HttpHeaders.of(headers, (name, value) -> true);
  }
}
