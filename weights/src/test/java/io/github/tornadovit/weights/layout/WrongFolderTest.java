package io.github.tornadovit.weights.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.testing.TinyCheckpoint;
import io.github.tornadovit.weights.checkpoint.Checkpoint;
import io.github.tornadovit.weights.config.CheckpointNote;
import io.github.tornadovit.weights.config.CheckpointNote.Kind;
import io.github.tornadovit.weights.config.PrefixToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders and files that people give instead of a checkpoint: each is told what it is. */
class WrongFolderTest {
  private static final String LFS =
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 343\n";

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void folder() throws IOException {
    folder = Files.createDirectory(temp.resolve("m"));
  }

  private static void refused(Path path, String... facts) {
    assertThatExceptionOfType(CheckpointException.class)
        .isThrownBy(() -> Checkpoint.open(path, "m"))
        .withMessageStartingWith("m")
        .satisfies(e -> assertThat(e.getMessage()).contains(facts));
  }

  private void put(String file, String content) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content, StandardCharsets.ISO_8859_1);
  }

  private void config() throws IOException {
    put("config.json", "{\"model_type\":\"vit\"}");
  }

  @Test
  void namesTheCheckpointsOfATrainingNewestFirst() throws IOException {
    for (String step : new String[] {"500", "1000", "20"}) {
      put("checkpoint-" + step + "/config.json", "{}");
    }
    put("training_args.bin", "x");
    refused(
        folder,
        "has no config.json, expected one beside the weights; it is the folder of a training: give"
            + " one of its checkpoints, the newest first: m/checkpoint-1000, m/checkpoint-500,"
            + " m/checkpoint-20");
  }

  @Test
  void namesTheFolderInTheFolder() throws IOException {
    put("vit-base/config.json", "{}");
    put("README.md", "x");
    refused(folder, "give its folder m/vit-base");
    put("vit-large/config.json", "{}");
    refused(folder, "give one of its folders: m/vit-large, m/vit-base");
    config();
    put("checkpoint-3/model.safetensors", "x");
    refused(folder, "has no weights, expected", "give its folder m/checkpoint-3");
  }

  @Test
  void namesTheBaseOfAnAdapter() throws IOException {
    put("adapter_model.safetensors", "x");
    put(
        "adapter_config.json",
        "{\"peft_type\":\"LORA\",\"base_model_name_or_path\":\"google/vit-base\",\"r\":NaN}");
    refused(
        folder,
        "it is an adapter (LORA) of google/vit-base, without that model's weights: merge it first",
        "AutoModelForImageClassification.from_pretrained(\"google/vit-base\"",
        "\"m\").merge_and_unload().save_pretrained(");
    config();
    refused(folder, "has no weights, expected", "it is an adapter (LORA) of google/vit-base");
    put("adapter_config.json", "no JSON");
    refused(folder, "it is an adapter of its base model");
  }

  @Test
  void namesTheAdapterOfATraining() throws IOException {
    put("checkpoint-9/adapter_config.json", "{\"base_model_name_or_path\":\"a/b\"}");
    refused(folder, "its folder checkpoint-9 is an adapter of a/b", "\"m/checkpoint-9\")");
  }

  @Test
  void saysWhenAnAdapterLiesBesideWholeWeights() throws IOException {
    TinyCheckpoint.vit().write(folder);
    put("adapter_config.json", "{}");
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      assertThat(checkpoint.notes())
          .filteredOn(note -> note.kind() == Kind.FOLDER)
          .singleElement()
          .asString()
          .contains("adapter_config.json", "not applied");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "model.pth, 'PK\3\4', model.pth looks like a file of torch.save; rename it to pytorch_model.bin",
    "best.pt, '\u0080\2.', best.pt looks like a file of torch.save",
    "x.safetensors, '\2\0\0\0\0\0\0\0{}', x.safetensors is a safetensors file; rename it to model.",
    "checkpoint.bin, '\2\0\0\0\0\0\0\0{}', checkpoint.bin is a safetensors file; rename it",
    "best.ckpt, 'PK', best.ckpt looks like a file of torch.save",
    "model_best.pth.tar, 'PK', rename it to pytorch_model.bin",
    "best.pt, '', best.pt is empty; download or copy it again",
    "best.pt, '<html>', best.pt is neither a safetensors file nor one of torch.save",
    "best.pt, 'version https://git-lfs.github', 'Git LFS pointer, not the file itself; run'"
  })
  void namesWeightsByOtherNames(String file, String content, String expected) throws IOException {
    put(file, content);
    refused(folder, "has no config.json", "it holds " + file, "copy config.json");
    config();
    refused(folder, "m: has no weights, expected model.safetensors", expected);
  }

  @Test
  void namesSeveralWeights() throws IOException {
    config();
    put("last.pt", "PK");
    put("best.pt", "PK");
    put("optimizer.pt", "PK");
    put("rng_state_0.pth", "PK");
    put("training_args.bin", "PK");
    refused(folder, "it holds best.pt, last.pt: call the one that is meant model.safetensors");
  }

  @ParameterizedTest
  @CsvSource({
    "tf_model.h5, TensorFlow, from_tf=True",
    "flax_model.msgpack, Flax, from_flax=True",
    "model.onnx, ONNX, take the model.safetensors",
    "onnx/model.onnx, ONNX, take the model.safetensors",
    "vit-q4.gguf, GGUF, take the model.safetensors",
    "model.tflite, TensorFlow Lite, take",
    "openvino_model.bin, OpenVINO, take",
    "ViT-B_16.npz, JAX, take",
    "rust_model.ot, rust-bert, take"
  })
  void namesModelsOfOtherPrograms(String file, String title, String advice) throws IOException {
    put(file, "x");
    refused(folder, "has no config.json", "a model for " + title + ", which is not read", advice);
    config();
    refused(folder, "has no weights", "a model for " + title + ", which is not read", advice);
  }

  @Test
  void namesWhatIsMissingOrUnfinished() throws IOException {
    refused(folder, "has no config.json", "is this the right folder? It holds nothing");
    put(".hidden", "x");
    put("notes.txt", "x");
    refused(folder, "It holds notes.txt");
    for (int i = 10; i > 0; i--) {
      put("photo " + i + ".jpg", "x");
    }
    refused(folder, "notes.txt, photo 1.jpg, photo 2.jpg, photo 3.jpg, photo 4.jpg and 6 more");
    config();
    put("training_args.bin", "x");
    refused(folder, "training_args.bin is state of a training, and no model");
    put("model.safetensors.incomplete", "x");
    refused(folder, "it holds model.safetensors.incomplete, a download that was not finished");
    put("model-00001-of-00002.safetensors", "x");
    refused(
        folder,
        "it holds model-00001-of-00002.safetensors, parts whose index is missing: copy"
            + " model.safetensors.index.json beside them");
  }

  @Test
  void namesAProbe() throws IOException {
    put("probe.json", "{}");
    put("probe.safetensors", "x");
    refused(folder, "it is a probe, as probe train writes it");
  }

  @Test
  void namesLinksThatLeadNowhere() throws IOException {
    Files.createSymbolicLink(folder.resolve("config.json"), Path.of("gone"));
    refused(folder, "config.json is a link that leads nowhere: download or copy it again");
    Files.delete(folder.resolve("config.json"));
    config();
    Files.createSymbolicLink(folder.resolve("model.safetensors"), Path.of("gone"));
    refused(folder, "model.safetensors is a link that leads nowhere");
    refused(Files.createSymbolicLink(temp.resolve("x"), Path.of("gone")), "is a link that leads");
  }

  @Test
  void tellsWhatAFileIs() throws IOException {
    config();
    put("model.safetensors", "\2\0\0\0\0\0\0\0{}");
    String folderName = folder.toAbsolutePath().toString();
    String expected = "m: is a file, expected the folder that holds config.json and the weights";
    refused(folder.resolve("model.safetensors"), expected + "; give " + folderName);
    refused(folder.resolve("config.json"), expected + "; give " + folderName);
    put("best.pt", "PK");
    refused(
        folder.resolve("best.pt"),
        "best.pt looks like a file of torch.save; rename it to pytorch_model.bin in " + folderName);
    put("model.ONNX", "x");
    refused(folder.resolve("model.ONNX"), "; it is a model for ONNX, which is not read");
    for (String archive : new String[] {"vit.zip", "vit.tar.gz", "vit.7z"}) {
      put(archive, "PK");
      refused(folder.resolve(archive), "; it is an archive: unpack it and give the folder");
    }
    Files.delete(folder.resolve("config.json"));
    refused(folder.resolve("model.safetensors"), "; put it beside its config.json and give that");
    put("model_best.pth.tar", "PK");
    refused(folder.resolve("model_best.pth.tar"), "in a folder beside its config.json");
    put("cat.jpg", "x");
    refused(folder.resolve("cat.jpg"), expected);
  }

  @Test
  void refusesPointersOfGitLfs() throws IOException {
    put("config.json", LFS);
    refused(folder, "m/config.json: is a Git LFS pointer");
    config();
    put("model.safetensors", LFS);
    refused(folder, "m/model.safetensors: is a Git LFS pointer", "git lfs pull");
  }

  @Test
  void readsASnapshotOfTheHubsCache() throws IOException {
    String commit = "0123456789012345678901234567890123456789";
    Path model = temp.resolve("models--a--b");
    TinyCheckpoint.vit().write(model.resolve("snapshots").resolve(commit));
    for (Path given : new Path[] {model, model.resolve("snapshots")}) {
      try (Checkpoint checkpoint = Checkpoint.open(given)) {
        assertThat(checkpoint.weights().blocks()).hasSize(1);
        assertThat(checkpoint.notes())
            .contains(
                new CheckpointNote(
                    Kind.FOLDER,
                    "a model's folder in the cache of the hub: its snapshot "
                        + commit
                        + " is read"));
      }
    }
    refused(temp, "it is the cache of the hub: give one of its folders (models--a--b), or organis");
    String other = commit.replace('0', 'a');
    TinyCheckpoint.deit().write(model.resolve("snapshots").resolve(other));
    refused(model, "with 2 snapshots and no refs/main: give one of ", commit, other);
    Files.createDirectories(model.resolve("refs"));
    Files.writeString(model.resolve("refs/main"), other + "\n");
    try (Checkpoint checkpoint = Checkpoint.open(model)) {
      assertThat(checkpoint.config().has(PrefixToken.Kind.DISTILLATION)).isTrue();
    }
    Files.writeString(model.resolve("refs/main"), "../../..");
    refused(model, "and no refs/main");
  }

  @Test
  void refusesACacheWithoutASnapshot() throws IOException {
    Files.createDirectories(folder.resolve("snapshots"));
    refused(folder, "without a snapshot: its download did not finish");
  }
}
