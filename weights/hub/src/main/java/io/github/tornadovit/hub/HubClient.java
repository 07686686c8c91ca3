package io.github.tornadovit.hub;

import io.github.tornadovit.hub.HubException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/**
 * The two requests of the protocol. Redirects are followed here and not by the JDK, which would
 * take the token along.
 */
final class HubClient implements AutoCloseable {
  private static final int MAX_REDIRECTS = 10;
  private static final String USER_AGENT = "tornado-vit; java/" + Runtime.version().feature();

  private final HubSettings settings;
  private final HubModel model;
  private final Failures failures;
  private final ProxyRoutes proxies;
  private final HttpClient http;

  HubClient(HubSettings settings, HubModel model) {
    this.settings = settings;
    this.model = model;
    failures = new Failures(settings, model);
    proxies = new ProxyRoutes(settings);
    http =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(proxies)
            .connectTimeout(settings.answerTimeout())
            .build();
  }

  /**
   * Asks what a file is. A redirect to another host is where its bytes are, and not followed.
   *
   * @throws HubException if the hub has no such file, or does not say
   */
  RemoteFile head(String revision, String file) {
    URI address =
        URI.create(
            "%s/%s/resolve/%s/%s"
                .formatted(settings.endpoint(), model.id(), quoted(revision), quoted(file)));
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpResponse<Void> answer =
          send(
              request(address).method("HEAD", HttpRequest.BodyPublishers.noBody()),
              address,
              BodyHandlers.discarding());
      HttpHeaders headers = answer.headers();
      if (answer.statusCode() == 200) {
        return RemoteFile.of(address, headers, address, false);
      }
      if (!isRedirect(answer)) {
        throw failures.of(answer.statusCode(), headers, file, address);
      }
      URI target = Addresses.redirect(address, headers.firstValue("Location").orElse(null));
      if (!Addresses.isHub(address, target)) {
        return RemoteFile.of(address, headers, target, true);
      }
      address = target;
    }
    throw tooManyRedirects(address);
  }

  /**
   * Asks for the bytes of a file.
   *
   * @param offset the first byte that is wanted
   * @return an answer of status 200 (from the start), 206 (from the offset) or 416 (there is no
   *     such byte), whose body the caller closes
   */
  HttpResponse<InputStream> get(RemoteFile remote, long offset, String file) {
    URI address = remote.location();
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpRequest.Builder request = request(address).GET();
      if (offset > 0) {
        request.header("Range", "bytes=" + offset + "-");
      }
      HttpResponse<InputStream> answer = send(request, address, BodyHandlers.ofInputStream());
      int status = answer.statusCode();
      if (status == 200 || (offset > 0 && (status == 206 || status == 416))) {
        return answer;
      }
      closeQuietly(answer.body());
      if (!isRedirect(answer)) {
        throw refused(answer, file, address);
      }
      address = Addresses.redirect(address, answer.headers().firstValue("Location").orElse(null));
    }
    throw tooManyRedirects(address);
  }

  /** What another host refuses is a signature that has expired; asking the hub gives a new one. */
  private HubException refused(HttpResponse<?> answer, String file, URI address) {
    int status = answer.statusCode();
    boolean expired =
        status == 400 || status == 401 || status == 403 || status == 404 || status == 410;
    if (expired && !Addresses.isSameOrigin(settings.endpoint(), address)) {
      return new HubException(
          Reason.UNAVAILABLE,
          "%s: %s answers %d for %s; try again later"
              .formatted(model, Addresses.shown(address), status, file));
    }
    return failures.of(status, answer.headers(), file, address);
  }

  private HubException tooManyRedirects(URI address) {
    return new HubException(
        Reason.PROTOCOL,
        "%s: more than %d redirects, the last to %s; look at HF_ENDPOINT and the proxy"
            .formatted(model, MAX_REDIRECTS, Addresses.shown(address)));
  }

  private static boolean isRedirect(HttpResponse<?> answer) {
    return switch (answer.statusCode()) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /** With the token if the address is the endpoint's, and as it is, since lengths have to match. */
  private HttpRequest.Builder request(URI address) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(settings.answerTimeout())
            .header("User-Agent", USER_AGENT)
            .header("Accept-Encoding", "identity");
    String token = settings.token();
    if (token != null && Addresses.isSameOrigin(settings.endpoint(), address)) {
      request.header("Authorization", "Bearer " + token);
    }
    String proxy = proxies.authorization(address);
    if (proxy != null) {
      request.header("Proxy-Authorization", proxy);
    }
    return request;
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, URI address, BodyHandler<T> body) {
    try {
      return http.send(request.build(), body);
    } catch (InterruptedException interrupt) {
      throw HubException.interrupted(interrupt);
    } catch (IOException noAnswer) {
      IOException known = proxies.failure(address);
      throw failures.unreachable(address, known == null ? noAnswer : known);
    }
  }

  /** As one part of a path: a branch's slash too is quoted. */
  private static String quoted(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  static void closeQuietly(InputStream body) {
    try {
      body.close();
    } catch (IOException closed) {
      // Nothing more is wanted of it.
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
    proxies.close();
  }
}
