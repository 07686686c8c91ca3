package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import io.github.tornadovit.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that means ill: no path out of the cache, no token elsewhere, no endless redirects. */
class HubTrustTest extends HubTestCase {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../evil",
        "..",
        ".",
        "/etc/passwd",
        "a/b",
        "a\\b",
        "C:evil",
        "",
        "a.incomplete",
        "a b"
      })
  void anEtagThatIsAPathIsRefused(String etag) throws IOException {
    server.next(
        "HEAD",
        CONFIG,
        FakeHub.status(200, "X-Repo-Commit", FakeHub.COMMIT, "ETag", '"' + etag + '"'));
    failure(Reason.PROTOCOL);
    assertNothingWritten();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../evil", "main", "0123", "0123456789ABCDEF0123456789ABCDEF01234567"})
  void aCommitThatIsNoneIsRefused(String commit) throws IOException {
    server.next("HEAD", CONFIG, FakeHub.status(200, "X-Repo-Commit", commit, "ETag", "\"abc\""));
    failure(Reason.PROTOCOL);
    assertNothingWritten();
  }

  private void assertNothingWritten() throws IOException {
    try (var files = Files.walk(folder)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .filter(file -> !file.startsWith(folder.resolve("checkpoint"))))
          .isEmpty();
    }
  }

  @Test
  void anotherCommitThanTheOneAskedForIsRefused() {
    server.next(
        "HEAD",
        WEIGHTS,
        FakeHub.status(
            200, "X-Repo-Commit", "f".repeat(40), "ETag", "\"abc\"", "Content-Length", "3"));
    assertThat(failure(Reason.PROTOCOL)).hasMessageContaining("f".repeat(40));
  }

  @Test
  void theTokenGoesToTheHubAndNowhereElse() throws IOException {
    hub(settings().withToken(TOKEN)).fetch(HubModel.of(FakeHub.ID));
    assertThat(server.requests())
        .allSatisfy(
            request -> {
              if (request.path().startsWith("/" + FakeHub.ID)) {
                assertThat(request.authorization()).isEqualTo("Bearer " + TOKEN);
              } else {
                assertThat(request.authorization()).isNull();
              }
            })
        .anyMatch(request -> request.path().equals("/" + WEIGHTS));
  }

  @Test
  void theTokenDoesNotFollowARedirectToAnotherPortOfTheSameHost() {
    URI otherPort = URI.create("http://127.0.0.1:" + server.network().getPort());
    server.next("HEAD", CONFIG, FakeHub.status(307, "Location", otherPort + "/" + CONFIG));
    failure(settings().withToken(TOKEN), FakeHub.ID, Reason.PROTOCOL);
    assertThat(server.requests()).hasSize(2);
    assertThat(server.requests().getLast().authorization()).isNull();
    server.forgetRequests();
    server.next("GET", CONFIG, FakeHub.status(302, "Location", server.network() + "/" + CONFIG));
    hub(settings().withToken(TOKEN)).fetch(HubModel.of(FakeHub.ID));
    assertThat(server.requests())
        .filteredOn(request -> request.path().equals("/" + CONFIG))
        .singleElement()
        .satisfies(request -> assertThat(request.authorization()).isNull());
  }

  @Test
  void aRedirectOfTheHubIsFollowedWithTheToken() {
    server.next(
        "HEAD", CONFIG, FakeHub.status(307, "Location", "/drawn/faces/resolve/main/" + CONFIG));
    hub(settings().withToken(TOKEN)).fetch(HubModel.of(FakeHub.ID));
    assertThat(server.requests().get(1).authorization()).isEqualTo("Bearer " + TOKEN);
  }

  @Test
  void redirectsAreCounted() {
    HttpHandler circle = FakeHub.status(302, "Location", "/drawn/faces/resolve/main/" + CONFIG);
    server.next("HEAD", CONFIG, Collections.nCopies(50, circle).toArray(HttpHandler[]::new));
    assertThat(failure(Reason.PROTOCOL)).hasMessageContaining("more than 10 redirects");
    assertThat(server.requests()).hasSize(11);
  }

  @Test
  void redirectsOfTheBytesAreCounted() {
    HttpHandler circle = FakeHub.status(302, "Location", "/" + WEIGHTS);
    server.next("GET", WEIGHTS, Collections.nCopies(50, circle).toArray(HttpHandler[]::new));
    assertThat(failure(Reason.PROTOCOL)).hasMessageContaining("more than 10 redirects");
    assertThat(server.requests("GET")).filteredOn(WEIGHTS::equals).hasSize(11);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://huggingface.co/a",
        "file:///etc/passwd",
        "ftp://huggingface.co/a",
        "",
        "::",
        "https://user:password@huggingface.co/a",
        "//",
        "mailto:a@b"
      })
  void aRedirectThatGivesUpHttpsOrLeavesTheWebIsRefused(String location) {
    URI secure = URI.create("https://huggingface.co/org/name/resolve/main/config.json");
    assertThatThrownBy(() -> Addresses.redirect(secure, location))
        .isInstanceOf(HubException.class)
        .hasMessageContaining("not followed")
        .extracting(failure -> ((HubException) failure).reason())
        .isEqualTo(Reason.PROTOCOL);
  }

  @Test
  void aRedirectIsResolvedAgainstItsPage() {
    URI page = URI.create("https://huggingface.co/org/name/resolve/main/config.json");
    assertThat(Addresses.redirect(page, "/api/resolve-cache/x"))
        .hasToString("https://huggingface.co/api/resolve-cache/x");
    assertThat(Addresses.redirect(page, "https://cdn.example/x?signature=1"))
        .hasToString("https://cdn.example/x?signature=1");
    assertThatThrownBy(() -> Addresses.redirect(page, null)).isInstanceOf(HubException.class);
  }

  @Test
  void theTokenIsForOneOrigin() {
    URI hub = URI.create("https://huggingface.co");
    for (String same : new String[] {"https://huggingface.co/x", "https://HuggingFace.co:443/"}) {
      assertThat(Addresses.isSameOrigin(hub, URI.create(same))).as(same).isTrue();
    }
    for (String other :
        new String[] {
          "http://huggingface.co/x",
          "https://huggingface.co:8443/",
          "https://huggingface.co.evil.example/",
          "https://cdn.huggingface.co/"
        }) {
      assertThat(Addresses.isSameOrigin(hub, URI.create(other))).as(other).isFalse();
    }
  }

  @Test
  void settingsDoNotShowTheToken() {
    assertThat(settings().withToken(TOKEN).toString()).contains("token=set").doesNotContain(TOKEN);
    assertThatThrownBy(() -> settings().withToken(TOKEN + "\r\nX-Evil: 1"))
        .isInstanceOf(HubException.class)
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void aBranchOfTheCacheThatIsALinkElsewhereHoldsNoBlob() throws IOException {
    // What a model's own cache folder is belongs to the user: a link there is followed.
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    Files.createDirectories(cache);
    Files.createSymbolicLink(modelFolder(), elsewhere);
    assertIsCheckpoint(fetch());
    assertThat(elsewhere.resolve("blobs")).isNotEmptyDirectory();
  }
}
