package io.github.tornadovit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.base.CheckpointException;
import io.github.tornadovit.hub.HubModel;
import io.github.tornadovit.weights.demo.DemoCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VisionTransformerTest {
  private static final StructType IMAGES =
      new StructType().add("id", DataTypes.LongType).add("content", DataTypes.BinaryType);

  @Test
  void columnsOfAnswersFollowThoseOfTheInput() {
    StructType labels = new VisionClassifier().transformSchema(IMAGES);
    assertThat(labels.fieldNames())
        .containsExactly("id", "content", "label", "score", "scores", "error");
    assertThat(labels.apply("scores").dataType().simpleString())
        .isEqualTo("array<struct<id:int,label:string,score:float>>");
    StructType features =
        new VisionEmbedder().setVectorCol("features").setErrorCol("").transformSchema(IMAGES);
    assertThat(features.fieldNames()).containsExactly("id", "content", "embedding", "features");
    assertThat(features.apply("embedding").dataType().simpleString()).isEqualTo("array<float>");
    assertThat(features.apply("features").dataType()).isEqualTo(SQLDataTypes.VectorType());
    assertThat(
            new VisionClassifier()
                .setLabelCol("")
                .setScoreCol("")
                .transformSchema(IMAGES)
                .fieldNames())
        .containsExactly("id", "content", "scores", "error");
  }

  @Test
  void aNameThatIsTakenIsRefused() {
    assertThatThrownBy(() -> new VisionClassifier().setLabelCol("id").transformSchema(IMAGES))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'id' already");
    assertThatThrownBy(() -> new VisionClassifier().setScoreCol("error").transformSchema(IMAGES))
        .hasMessageContaining("'error' already");
  }

  @Test
  void parametersAreCheckedAndCopied() {
    VisionEmbedder embedder = new VisionEmbedder().setModel("vit").setLayer(3).setNormalize(true);
    VisionEmbedder copy = embedder.copy(new ParamMap().put(embedder.batchSize().w(4)));
    assertThat(copy.uid()).isEqualTo(embedder.uid());
    assertThat(copy.answers()).isEqualTo(embedder.answers());
    assertThat(copy.explainParams()).contains("batchSize").contains("current: 4");
    assertThatThrownBy(() -> embedder.setPrecision("f64")).hasMessageContaining("precision");
    assertThatThrownBy(() -> embedder.setPooling("max")).hasMessageContaining("pooling");
    assertThatThrownBy(() -> embedder.setBatchSize(0)).hasMessageContaining("batchSize");
    assertThatThrownBy(() -> embedder.setHandleInvalid("no")).hasMessageContaining("handleInvalid");
    assertThatThrownBy(() -> new VisionClassifier().setTopK(0)).hasMessageContaining("topK");
  }

  @Test
  void aModelIsAFolderOrEmbeddedOrOfTheHub(@TempDir Path folder) {
    assertThat(ModelLocation.of("demo:beit")).isEqualTo(DemoCheckpoint.BEIT);
    assertThat(ModelLocation.of(folder.toString())).isEqualTo(new ModelLocation.Folder(folder));
    assertThat(ModelLocation.of(folder.toUri().toString()))
        .isEqualTo(new ModelLocation.Folder(folder));
    assertThat(ModelLocation.of("google/vit@main")).isEqualTo(new HubModel("google/vit", "main"));
    assertThatThrownBy(() -> ModelLocation.of("demo:swin"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("demo:vit");
    assertThatThrownBy(() -> ModelLocation.of("/no/such/folder"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("/no/such/folder")
        .hasMessageContaining("--archives");
  }

  @Test
  void imagesOfAJobAreThoseByName(@TempDir Path folder) throws Exception {
    Path deep = Files.createDirectories(folder.resolve("a b/deep"));
    Files.createDirectories(folder.resolve(".cache"));
    for (String file :
        List.of("a b/deep/one.JPG", "two.b.webp", "list.txt", "jpg", ".cache/no.png", "_no.png")) {
      Files.createFile(folder.resolve(file));
    }
    Configuration hadoop = new Configuration();
    JobInput found = JobInput.of(List.of(folder.toString(), deep + "/*.JPG"), hadoop);
    assertThat(found.images())
        .containsExactly("file:" + deep + "/one.JPG", "file:" + folder + "/two.b.webp");
    assertThat(found.others()).isEqualTo(2);
    assertThat(JobInput.of(List.of(folder + "/list.txt"), hadoop).images()).hasSize(1);
    assertThatThrownBy(() -> JobInput.of(List.of(folder + "/none"), hadoop))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none: does not exist");
    Files.delete(deep.resolve("one.JPG"));
    assertThatThrownBy(() -> JobInput.of(List.of(deep.toString()), hadoop))
        .hasMessageContaining("no images");
  }

  @Test
  void wrongOptionsOfAJobAreWrongUsageBeforeSparkIsAsked() {
    String[] rest = {"--input", "a", "--output", "b"};
    for (List<String> wrong :
        List.of(
            List.of("classify", "--top-k", "0"),
            List.of("embed", "--pooling", "max"),
            List.of("embed", "--layer", "-2"),
            List.of("classify", "--precision", "f64"),
            List.of("classify", "--batch", "0"),
            List.of("classify", "--round", "0"))) {
      List<String> command = new ArrayList<>(wrong);
      command.addAll(List.of(rest));
      assertThat(VisionJob.run(command.toArray(String[]::new))).as("%s", wrong).isEqualTo(2);
    }
    assertThat(SparkSession.getDefaultSession().isDefined()).isFalse();
  }
}
