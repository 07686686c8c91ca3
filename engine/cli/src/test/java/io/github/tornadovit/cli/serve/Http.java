package io.github.tornadovit.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of a server on loopback. */
record Http(HttpClient client, int port) implements AutoCloseable {
  static final Path WITH_MASK = Path.of("../../weights/demo/images/with_mask/9000003.jpg");
  static final Path WITHOUT_MASK = Path.of("../../weights/demo/images/without_mask/9000000.jpg");
  static final String BOUNDARY = "----a boundary";

  Http(int port) {
    this(HttpClient.newHttpClient(), port);
  }

  static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> get(String path) throws Exception {
    return send(request(path).GET());
  }

  HttpResponse<byte[]> post(String path, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).POST(BodyPublishers.ofByteArray(body));
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  CompletableFuture<HttpResponse<byte[]>> postLater(String path, byte[] body) {
    return client.sendAsync(
        request(path).POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
  }

  /** Sends a form with files of these names and contents. */
  HttpResponse<byte[]> form(String path, Object... namesAndContents) throws Exception {
    return post(
        path,
        body(namesAndContents),
        "Content-Type",
        "multipart/form-data; boundary=\"" + BOUNDARY + "\"");
  }

  static byte[] body(Object... namesAndContents) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < namesAndContents.length; i += 2) {
      body.writeBytes(
          """
          --%s
          Content-Disposition: form-data; name="image"; filename="%s"
          Content-Type: image/jpeg

          """
              .replace("\n", "\r\n")
              .formatted(BOUNDARY, namesAndContents[i])
              .getBytes(StandardCharsets.UTF_8));
      body.writeBytes((byte[]) namesAndContents[i + 1]);
      body.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    }
    body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
    return body.toByteArray();
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  static JsonNode json(HttpResponse<byte[]> response) {
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    return JsonMapper.shared().readTree(response.body());
  }

  /** The JSON of an answer that should be 200. */
  static JsonNode answer(HttpResponse<byte[]> response) {
    assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
    return json(response);
  }

  static void assertError(HttpResponse<byte[]> response, int status, String problem) {
    assertThat(response.statusCode()).as(text(response)).isEqualTo(status);
    assertThat(json(response).get("error").asString()).contains(problem);
  }

  @Override
  public void close() {
    client.close();
  }
}
