package io.github.tornadovit.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.hub.HubException.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is fetched, what is asked for, and what lies in the cache afterwards. */
class HubTest extends HubTestCase {
  private static final String OTHER_COMMIT = "f".repeat(40);

  @Test
  void aModelComesIntoTheLayoutOfThePythonCache() throws IOException {
    Path snapshot = fetch();
    assertThat(snapshot).isEqualTo(modelFolder().resolve("snapshots").resolve(FakeHub.COMMIT));
    assertIsCheckpoint(snapshot);
    assertThat(modelFolder().resolve("refs/main")).hasContent(FakeHub.COMMIT);
    assertThat(Files.readSymbolicLink(snapshot.resolve(WEIGHTS)))
        .isEqualTo(Path.of("../../blobs", FakeHub.sha256(server.content(WEIGHTS))));
    assertThat(Files.readSymbolicLink(snapshot.resolve(CONFIG)))
        .isEqualTo(Path.of("../../blobs", FakeHub.gitHash(server.content(CONFIG))));
    assertThat(modelFolder().resolve(".no_exist").resolve(FakeHub.COMMIT))
        .isDirectoryContaining("glob:**processor_config.json");
    assertThat(cache.resolve(".locks/models--drawn--faces"))
        .isDirectoryContaining("glob:**" + server.etag(WEIGHTS) + ".lock");
    assertThat(cache.resolve("CACHEDIR.TAG")).content().startsWith("Signature: 8a477f597d28d");
    int bytes = server.content(WEIGHTS).length;
    assertThat(progress).contains(WEIGHTS + " 0/" + bytes, WEIGHTS + " " + bytes + "/" + bytes);
  }

  @Test
  void onlyTheFilesThatAreNeededAreAskedFor() {
    for (String other : List.of("tf_model.h5", "flax_model.msgpack", "model.onnx", "README.md")) {
      server.put(other, new byte[10], true);
    }
    server.put("pytorch_model.bin", new byte[10], true);
    fetch();
    assertThat(server.requests("HEAD"))
        .containsExactly(CONFIG, "processor_config.json", "preprocessor_config.json", WEIGHTS);
    assertThat(server.requests("GET"))
        .containsExactlyInAnyOrder(CONFIG, "preprocessor_config.json", WEIGHTS);
  }

  /** CLIP as it was published first, and timm's folders, which have no image processor. */
  @Test
  void aModelOfImagesAndTextBringsNothingForTexts() {
    server.remove(WEIGHTS).remove("preprocessor_config.json");
    server.put("pytorch_model.bin", new byte[10], true);
    for (String other :
        List.of(
            "vocab.json",
            "merges.txt",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "open_clip_config.json",
            "open_clip_model.safetensors",
            "open_clip_pytorch_model.bin",
            "tf_model.h5",
            "flax_model.msgpack")) {
      server.put(other, new byte[10], true);
    }
    fetch();
    assertThat(server.requests("GET")).containsExactlyInAnyOrder(CONFIG, "pytorch_model.bin");
    assertThat(server.requests("HEAD"))
        .containsExactly(
            CONFIG,
            "processor_config.json",
            "preprocessor_config.json",
            WEIGHTS,
            "model.safetensors.index.json",
            "pytorch_model.bin");
  }

  @Test
  void aSecondFetchAsksForTheCommitAndACommitForNothing() throws IOException {
    fetch();
    server.forgetRequests();
    assertIsCheckpoint(fetch());
    assertThat(server.requests())
        .map(Object::toString)
        .containsExactly("HEAD /drawn/faces/resolve/main/config.json");
    server.forgetRequests();
    assertIsCheckpoint(fetch(FakeHub.ID + "@" + FakeHub.COMMIT));
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aBranchThatMovedBringsOnlyWhatChanged() throws IOException {
    fetch();
    server.revision("main", OTHER_COMMIT);
    server.put(
        CONFIG,
        (new String(server.content(CONFIG), StandardCharsets.UTF_8) + "\n")
            .getBytes(StandardCharsets.UTF_8),
        false);
    server.forgetRequests();
    Path snapshot = fetch();
    assertThat(snapshot.getFileName()).hasToString(OTHER_COMMIT);
    assertIsCheckpoint(snapshot);
    assertThat(server.requests("GET")).containsExactly(CONFIG);
    assertThat(modelFolder().resolve("refs/main")).hasContent(OTHER_COMMIT);
  }

  @Test
  void aRevisionMayBeATagOrAPullRequest() throws IOException {
    server.revision("refs/pr/1", OTHER_COMMIT);
    assertIsCheckpoint(fetch(FakeHub.ID + "@refs/pr/1"));
    assertThat(server.requests().getFirst().path())
        .isEqualTo("/drawn/faces/resolve/refs%2Fpr%2F1/config.json");
    assertThat(modelFolder().resolve("refs/refs/pr/1")).hasContent(OTHER_COMMIT);
  }

  @Test
  void shardsComeByTheIndex() {
    server
        .remove(WEIGHTS)
        .put("model-1.safetensors", new byte[] {1}, true)
        .put("model-2.safetensors", new byte[] {2}, true)
        .put("model-3.safetensors", new byte[] {3}, true);
    index("{\"weight_map\": {\"a\": \"model-2.safetensors\", \"b\": \"model-1.safetensors\"}}");
    Path snapshot = fetch();
    assertThat(snapshot.resolve("model-1.safetensors")).hasBinaryContent(new byte[] {1});
    assertThat(snapshot.resolve("model-2.safetensors")).hasBinaryContent(new byte[] {2});
    assertThat(server.requests("HEAD")).doesNotContain("model-3.safetensors");
  }

  private void index(String json) {
    server.put("model.safetensors.index.json", json.getBytes(StandardCharsets.UTF_8), false);
  }

  @Test
  void aShardThatLeadsOutOfTheFolderIsRefused() {
    server.remove(WEIGHTS);
    index("{\"weight_map\": {\"a\": \"../../../evil.safetensors\"}}");
    assertThatThrownBy(this::fetch)
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("'../../../evil.safetensors', expected one of the folder");
    assertThat(server.requests("HEAD")).doesNotContain("evil.safetensors");
  }

  @Test
  void pytorchWeightsComeWhereThereIsNothingElse() {
    server.remove(WEIGHTS).put("pytorch_model.bin", new byte[] {7}, true);
    assertThat(fetch().resolve("pytorch_model.bin")).hasBinaryContent(new byte[] {7});
    server.forgetRequests();
    fetch();
    // That there is no safetensors file was written down.
    assertThat(server.requests("HEAD")).containsExactly(CONFIG);
  }

  @Test
  void whatIsNoCheckpointIsSaidSo() {
    server.remove(WEIGHTS).put("tf_model.h5", new byte[10], true);
    assertThat(failure(Reason.FILE_NOT_FOUND)).hasMessageContaining("TensorFlow");
    server.remove(CONFIG);
    assertThat(failure(Reason.FILE_NOT_FOUND)).hasMessageContaining("no file config.json");
  }

  @Test
  void offlineTakesTheCacheOrSaysWhatIsMissing() throws IOException {
    HubSettings offline = settings().withOffline(true);
    assertThat(failure(offline, FakeHub.ID, Reason.OFFLINE))
        .hasMessageContaining("not in the cache");
    fetch();
    server.forgetRequests();
    assertIsCheckpoint(hub(offline).fetch(HubModel.of(FakeHub.ID)));
    failure(offline, FakeHub.ID + "@v2", Reason.OFFLINE);
    Files.delete(blob(WEIGHTS));
    assertThat(failure(offline, FakeHub.ID, Reason.OFFLINE)).hasMessageContaining("weights");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void theCacheStandsInForAHubThatDoesNotAnswer() throws IOException {
    fetch();
    server.next("HEAD", CONFIG, FakeHub.status(503));
    assertIsCheckpoint(fetch());
    assertThat(notices)
        .singleElement()
        .asString()
        .contains("503", "using commit " + FakeHub.COMMIT);
    notices.clear();
    HubSettings nowhere = settings().withEndpoint(URI.create("http://127.0.0.1:1"));
    assertIsCheckpoint(hub(nowhere).fetch(HubModel.of(FakeHub.ID)));
    assertThat(notices).singleElement().asString().contains("cannot be reached");
    assertThat(waits).isEmpty();
  }

  @Test
  void withoutLinksSnapshotsHoldFiles() throws IOException {
    HubSettings files = settings().withSymlinks(false);
    Path snapshot = hub(files).fetch(HubModel.of(FakeHub.ID));
    assertIsCheckpoint(snapshot);
    assertThat(Files.isSymbolicLink(snapshot.resolve(WEIGHTS))).isFalse();
    // A file that is not there twice: it was moved out of the blobs, as Python does.
    assertThat(blob(WEIGHTS)).doesNotExist();
    server.forgetRequests();
    hub(files).fetch(HubModel.of(FakeHub.ID));
    assertThat(server.requests("GET")).isEmpty();
  }

  @Test
  void aBlobThatIsThereIsLinkedAndNotDownloaded() throws IOException {
    fetch();
    server.revision("copy", OTHER_COMMIT);
    server.forgetRequests();
    assertIsCheckpoint(fetch(FakeHub.ID + "@copy"));
    assertThat(server.requests("GET")).isEmpty();
    Path copied =
        hub(settings().withSymlinks(false)).fetch(HubModel.of(FakeHub.ID + "@" + FakeHub.COMMIT));
    assertIsCheckpoint(copied);
  }

  @Test
  void aBrokenLinkIsMended() throws IOException {
    Path snapshot = fetch();
    Files.delete(blob(WEIGHTS));
    assertThat(Files.exists(snapshot.resolve(WEIGHTS))).isFalse();
    assertIsCheckpoint(fetch());
  }

  @Test
  void aReferenceThatHoldsNoCommitIsAskedForAgain() throws IOException {
    fetch();
    Files.writeString(modelFolder().resolve("refs/main"), "../../../../etc");
    failure(settings().withOffline(true), FakeHub.ID, Reason.OFFLINE);
    assertIsCheckpoint(fetch());
    assertThat(modelFolder().resolve("refs/main")).hasContent(FakeHub.COMMIT);
  }

  @Test
  void aCacheThatCannotBeWrittenIsNamed() throws IOException {
    Files.writeString(cache, "a file where the folder should be");
    assertThat(failure(Reason.CACHE)).hasMessageContaining("HF_HUB_CACHE");
  }
}
