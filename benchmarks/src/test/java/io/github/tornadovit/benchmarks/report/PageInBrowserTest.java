package io.github.tornadovit.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a browser makes of the page, where Chromium is installed. */
class PageInBrowserTest {
  private static final int SCRIPTS = 2;

  @TempDir private Path folder;

  private static Path chromium() {
    List<Path> found =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .map(place -> Path.of(place, "chromium"))
            .filter(Files::isExecutable)
            .toList();
    assumeTrue(!found.isEmpty(), "there is no chromium on the path");
    return found.getFirst();
  }

  /** The document after the script has run. */
  private String dom(Result result) throws Exception {
    History.Entry run = History.Entry.of(result);
    History.Entry elsewhere =
        new History.Entry(run.date(), run.commit(), "another machine", run.rates());
    List<History.Entry> runs = List.of(run, elsewhere, run);
    Path page =
        Files.writeString(
            folder.resolve("page.html"),
            Page.write("a title", ReportDocument.of(result, runs), result, runs));
    Path dom = folder.resolve("dom.html");
    Process browser =
        new ProcessBuilder(
                chromium().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--user-data-dir=" + folder.resolve("profile"),
                "--virtual-time-budget=5000",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean ended = browser.waitFor(2, TimeUnit.MINUTES);
    browser.descendants().forEach(ProcessHandle::destroyForcibly);
    browser.destroyForcibly();
    assertThat(ended).isTrue();
    return Files.readString(dom);
  }

  private static int count(String text, String part) {
    return text.split(part, -1).length - 1;
  }

  @Test
  void everyBlockIsDrawn() throws Exception {
    Result result = Synthetic.full();
    String dom = dom(result);
    int rows = 0;
    for (Block block : ReportDocument.of(result, List.of(History.Entry.of(result)))) {
      rows += block instanceof Block.Table table ? 1 + table.rows().size() : 0;
    }
    // The table of the trend has a heading and two runs.
    assertThat(count(dom, "<tr>")).isEqualTo(rows + 3);
    assertThat(dom)
        .contains("<title>a title</title>", "What should I run on?", "class=\"fill ours\"")
        .contains("class=\"stack\"", "class=\"roof\"", "<circle");
    assertThat(count(dom, "<svg")).isEqualTo(3);
    Result.Model model = result.models().getFirst();
    int largest = Collections.max(model.batches());
    long rates =
        model.rows().stream()
            .filter(row -> row.mode() == Mode.FORWARD && row.batch() == largest)
            .count();
    assertThat(count(dom, "r=\"4\""))
        .as("points of this machine's two runs")
        .isEqualTo(2 * (int) rates);
  }

  @Test
  void aNameThatIsAScriptIsShown() throws Exception {
    Result.Row row = Synthetic.row(Synthetic.CPU, Mode.FORWARD, 1, 10, 10, 10);
    String name = "</script><script>document.title='run'</script><b>x";
    String dom =
        dom(Synthetic.result(Synthetic.WARM, Synthetic.model(name, List.of(row), Synthetic.CPU)));
    assertThat(dom)
        .contains("<title>a title</title>")
        .contains("<h2>Checkpoint &lt;/script&gt;&lt;script&gt;document.title='run'")
        .doesNotContain("<b>");
    assertThat(count(dom, "<script")).isEqualTo(SCRIPTS);
  }
}
