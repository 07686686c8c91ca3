package io.github.tornadovit.hub;

import io.github.tornadovit.hub.HubException.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Explains answers other than success, with what to do about them. */
final class Failures {
  private static final Pattern TUNNEL = Pattern.compile("^Tunnel failed, got: ([0-9]{3})");

  private final HubSettings settings;
  private final HubModel model;

  Failures(HubSettings settings, HubModel model) {
    this.settings = settings;
    this.model = model;
  }

  /**
   * The failure that a status of the hub stands for.
   *
   * @param file that was asked for
   */
  HubException of(int status, HttpHeaders headers, String file, URI asked) {
    String code = headers.firstValue("X-Error-Code").orElse("");
    String said = Text.shown(headers.firstValue("X-Error-Message").orElse(""));
    String page = settings.endpoint() + "/" + model.id();
    return switch (code) {
      case "GatedRepo" ->
          new HubException(
              Reason.GATED,
              "%s: its authors want their terms accepted first; accept them at %s, then %s"
                  .formatted(model, page, useToken()));
      case "RevisionNotFound" ->
          new HubException(
              Reason.REVISION_NOT_FOUND,
              "%s: the model has no revision '%s'; %s/tree/main lists branches and tags"
                  .formatted(model.id(), model.revision(), page));
      case "EntryNotFound" ->
          new HubException(
              Reason.FILE_NOT_FOUND,
              "%s: has no file %s; is it a checkpoint of transformers or timm?"
                  .formatted(model, file));
      case "RepoNotFound" -> modelNotFound();
      default -> byStatus(status, headers, said, asked);
    };
  }

  private HubException byStatus(int status, HttpHeaders headers, String said, URI asked) {
    String answer =
        "%s: %s answers %d%s"
            .formatted(
                model,
                Addresses.shown(asked) + through(asked),
                status,
                said.isEmpty() ? "" : " (" + said + ")");
    return switch (status) {
      // The hub says 401 of a model that it does not have, to whoever might not be allowed to know.
      case 401 ->
          said.startsWith("Invalid credentials")
              ? new HubException(Reason.FORBIDDEN, answer + "; " + useToken())
              : modelNotFound();
      case 403 -> new HubException(Reason.FORBIDDEN, answer + "; " + useToken());
      case 407 -> proxyWantsUser(asked);
      case 429 ->
          new HubException(
              Reason.RATE_LIMITED,
              answer
                  + "; wait"
                  + (settings.token() == null ? ", or set HF_TOKEN for a higher limit" : ""),
              null,
              retryAfter(headers));
      case 408, 500, 502, 503, 504 ->
          new HubException(
              Reason.UNAVAILABLE, answer + "; try again later", null, retryAfter(headers));
      default -> new HubException(Reason.PROTOCOL, answer + "; look at HF_ENDPOINT and the proxy");
    };
  }

  private HubException modelNotFound() {
    return new HubException(
        Reason.MODEL_NOT_FOUND,
        "%s: %s has no such model, or it is private; check the name, or %s"
            .formatted(model, settings.endpoint(), useToken()));
  }

  private String useToken() {
    return settings.token() == null
        ? "set HF_TOKEN to a token that may read it"
        : "use a token that may read it (HF_TOKEN or the token file is set, but does not do)";
  }

  /** No answer at all. */
  HubException unreachable(URI asked, IOException cause) {
    Matcher tunnel = TUNNEL.matcher(String.valueOf(cause.getMessage()));
    if (tunnel.find()) {
      return tunnelFailed(asked, Integer.parseInt(tunnel.group(1)), cause);
    }
    // The JDK's ConnectException has no message, whichever of the two it is.
    String reason =
        cause instanceof ConnectException && cause.getMessage() == null
            ? "refused, or no such host"
            : cause.toString();
    if (cause instanceof SSLException) {
      return new HubException(
          Reason.PROTOCOL,
          "%s: %s%s: %s; if a proxy opens TLS, add its certificate to the JDK's trust store"
              .formatted(model, Addresses.shown(asked), through(asked), reason),
          cause);
    }
    return new HubException(
        Reason.UNAVAILABLE,
        "%s: %s%s cannot be reached: %s; check the connection and the proxy (HTTPS_PROXY, NO_PROXY, https.proxyHost)"
            .formatted(model, Addresses.shown(asked), through(asked), reason),
        cause);
  }

  /** A proxy's answer to CONNECT, of which the JDK tells no more than the status. */
  private HubException tunnelFailed(URI asked, int status, IOException cause) {
    String answer =
        "%s: the proxy %s answers %d when asked for %s"
            .formatted(model, ProxyRoutes.shown(settings, asked), status, asked.getAuthority());
    return switch (status) {
      case 407 -> proxyWantsUser(asked);
      case 408, 429, 500, 502, 503, 504 ->
          new HubException(Reason.UNAVAILABLE, answer + "; try again later", cause);
      default ->
          new HubException(
              Reason.FORBIDDEN,
              answer + "; ask whoever runs it, or name the host in NO_PROXY if it needs no proxy",
              cause);
    };
  }

  private HubException proxyWantsUser(URI asked) {
    HttpProxy named = ProxyRoutes.named(settings, asked);
    String todo =
        named == null
            ? "set HTTPS_PROXY to http://user:password@host:port in place of https.proxyHost"
            : named.credentials() == null
                ? "set %s to http://user:password@host:port".formatted(named.variable())
                : "it does not take the user and password of %s; special characters are percent-encoded there, %%40 for @"
                    .formatted(named.variable());
    return new HubException(
        Reason.FORBIDDEN,
        "%s: the proxy %s wants a user and a password (407); %s"
            .formatted(model, ProxyRoutes.shown(settings, asked), todo));
  }

  private String through(URI asked) {
    String proxy = ProxyRoutes.shown(settings, asked);
    return proxy == null ? "" : " through the proxy " + proxy;
  }

  /** Seconds or a date; null if it says neither. */
  static @Nullable Duration retryAfter(HttpHeaders headers) {
    String value = headers.firstValue("Retry-After").orElse("").strip();
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(Instant.now(), at);
      return left.isNegative() ? Duration.ZERO : left;
    } catch (DateTimeException noDate) {
      return null;
    }
  }
}
