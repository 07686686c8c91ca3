package io.github.tornadovit.cli.serve;

import static io.github.tornadovit.cli.serve.Http.WITHOUT_MASK;
import static io.github.tornadovit.cli.serve.Http.WITH_MASK;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a browser, where Chromium is installed: what a visitor gives, reads and sees. With
 * {@code -Dtornadovit.screenshots=FOLDER} it leaves pictures to look at.
 */
@Timeout(120)
class PageInBrowserTest {
  private static final String KEY = "0123456789abcdef";

  /** A browser that ends may still write. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path folder;

  private static String lastCard(String rest) {
    return "document.querySelector('article')" + rest;
  }

  private void picture(Chromium browser, String name) throws Exception {
    String target = System.getProperty("tornadovit.screenshots");
    if (target != null) {
      browser.screenshot(Path.of(target, name + ".png"));
    }
  }

  private static void giveKey(Chromium browser, String key) throws Exception {
    browser.evaluate(
        "document.querySelector('#key').value = '%s'; document.querySelector('#ask-key button').click()"
            .formatted(key));
  }

  @Test
  void picturesGetLabelsAndAttention() throws Exception {
    try (DemoServer demo = new DemoServer(ApiKey.of(KEY, "the test"));
        Chromium browser = new Chromium(folder)) {
      browser.open("http://127.0.0.1:" + demo.server.port() + "/", 1280, 900);
      // The key is asked for, and kept by the page alone; pictures wait for it.
      browser.await("!document.querySelector('#ask-key').hidden");
      assertThat(browser.evaluate("getComputedStyle(document.querySelector('#clear')).display"))
          .as("nothing to remove")
          .isEqualTo("none");
      picture(browser, "key");
      browser.choose("#files", WITH_MASK, WITHOUT_MASK);
      giveKey(browser, "a wrong key");
      browser.await("document.querySelector('#key-asked').textContent.includes('not the key')");
      giveKey(browser, KEY);
      browser.await("document.querySelector('#model').textContent === 'demo'");
      browser.await("document.querySelector('#ask-key').hidden");
      assertThat(browser.evaluate("document.querySelector('#about').textContent"))
          .contains("2 labels");
      browser.await(
          "document.querySelectorAll('article ol li').length === 4"
              + " && [...document.querySelectorAll('.seen img')].every(i => i.naturalWidth > 0)");
      assertThat(browser.evaluate(lastCard(".querySelector('h2').textContent")))
          .isEqualTo("9000000.jpg");
      assertThat(browser.evaluate(lastCard(".querySelector('ol li').innerText")))
          .contains("without_mask", "%");
      assertThat(browser.evaluate(lastCard(".querySelector('.said').textContent")))
          .contains("ms on the server");
      String last = browser.evaluate(lastCard(".querySelector('.seen img').src"));
      picture(browser, "wide-light");

      // Another layer is another picture, and rollout a third.
      browser.evaluate(
          lastCard(".querySelector('.layer').value = 0;")
              + lastCard(".querySelector('.layer').dispatchEvent(new Event('input'))"));
      browser.await(lastCard(".querySelector('.seen img').dataset.query === 'layer=0&token=cls'"));
      assertThat(browser.evaluate(lastCard(".querySelector('.seen img').src"))).isNotEqualTo(last);
      browser.evaluate(lastCard(".querySelector('.rollout').click()"));
      browser.await(
          lastCard(".querySelector('.seen img').dataset.query === 'rollout=true&token=cls'"));
      assertThat(browser.evaluate("document.querySelector('[role=status]').textContent"))
          .containsPattern("9000000\\.jpg: without_mask, [0-9.]+ %|9000003\\.jpg: with_mask");

      // A file that is dropped, with a name that is a script, and that is no image.
      String content =
          Base64.getEncoder().encodeToString("<html>".getBytes(StandardCharsets.UTF_8));
      browser.evaluate(
          """
          (() => {
            const data = new DataTransfer();
            data.items.add(new File([atob('%s')], '<img src=x onerror=document.title="run">.jpg'));
            window.dispatchEvent(new DragEvent('drop', {dataTransfer: data, cancelable: true}));
          })()
          """
              .formatted(content));
      browser.await(lastCard(".querySelector('.said.bad')"));
      assertThat(browser.evaluate(lastCard(".querySelector('.said').textContent")))
          .contains("HTML");
      assertThat(browser.evaluate("document.title")).isEqualTo("demo · tornado-vit");
      browser.evaluate("document.querySelector('#clear').click()");
      browser.await("!document.querySelector('article')");

      // A script that is not the page's own does not run.
      browser.evaluate(
          "document.body.append(Object.assign(document.createElement('script'),"
              + " {textContent: 'document.title = \"run\"'}))");
      assertThat(browser.evaluate("document.title")).isEqualTo("demo · tornado-vit");
    }
  }

  @Test
  void fitsAPhone() throws Exception {
    try (DemoServer demo = new DemoServer(null);
        Chromium browser = new Chromium(folder)) {
      browser.dark(true);
      browser.open("http://127.0.0.1:" + demo.server.port() + "/", 390, 844);
      browser.await("document.querySelector('#model').textContent === 'demo'");
      browser.choose("#files", WITH_MASK);
      browser.await("[...document.querySelectorAll('.seen img')].some(i => i.naturalWidth > 0)");
      assertThat(browser.evaluate("String(document.documentElement.scrollWidth)")).isEqualTo("390");
      assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
          .isEqualTo("rgb(20, 23, 27)");
      // Everything that can be used has a name that a screen reader says.
      assertThat(
              browser.evaluate(
                  "String([...document.querySelectorAll('button, input, select')].filter(e =>"
                      + " !e.hidden && !(e.innerText || '').trim() && !e.labels?.length"
                      + " && !e.getAttribute('aria-label')).map(e => e.outerHTML))"))
          .isEmpty();
      picture(browser, "phone-dark");
    }
  }
}
