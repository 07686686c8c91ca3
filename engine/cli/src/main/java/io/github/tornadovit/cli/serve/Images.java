package io.github.tornadovit.cli.serve;

import io.github.tornadovit.cli.serve.Waiting.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The images of a request: the body is one, or a form with several.
 *
 * @param files at least one
 * @param form whether they came as a form, which is answered by a list
 */
record Images(List<Input.File> files, boolean form) {

  static Images of(Call call) throws Refusal {
    String type = call.header("Content-Type");
    byte[] body = call.body();
    return type != null && Multipart.is(type)
        ? new Images(Multipart.files(body, type, call.limits().images()), true)
        : new Images(List.of(new Input.File(body, "the body")), false);
  }

  /** The only image. */
  Input.File single() throws Refusal {
    if (files.size() != 1) {
      throw Refusal.bad("the form has %d images, expected 1".formatted(files.size()));
    }
    return files.getFirst();
  }

  /**
   * The answer to the body {@code {"key": value}}, or to a form {@code [{"image": name, "key":
   * value}, {"image": name, "error": "…"}, …]}.
   */
  <R> Reply answer(
      Waiting waiting,
      String key,
      Function<Input.File, CompletableFuture<R>> ask,
      Function<R, Object> value)
      throws Refusal, InterruptedException {
    if (!form) {
      return Reply.json(Map.of(key, value.apply(waiting.one(ask.apply(files.getFirst())))));
    }
    List<Outcome<R>> outcomes = waiting.each(files, ask);
    List<Map<String, Object>> entries = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("image", files.get(i).name());
      R found = outcomes.get(i).value();
      if (found == null) {
        entry.put("error", String.valueOf(outcomes.get(i).problem()));
      } else {
        entry.put(key, value.apply(found));
      }
      entries.add(entry);
    }
    return Reply.json(entries);
  }
}
