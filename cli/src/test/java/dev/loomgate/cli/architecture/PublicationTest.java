package dev.loomgate.cli.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/// What is published: each module has its version in the BOM, or says that it isn't published.
class PublicationTest {
    private static final Path ROOT = Path.of("..");
    private static final String BOM = "bom";

    @Test
    void eachModuleIsInTheBomOrSaysThatItIsNotPublished() throws Exception {
        List<String> published = published();

        assertThat(published).contains("gateway", "server", "toolkit");
        assertThat(texts(pom(BOM), "/project/dependencyManagement/dependencies/dependency/artifactId"))
                .as("artifacts in bom/pom.xml, as against modules without maven.deploy.skip")
                .containsExactlyInAnyOrderElementsOf(
                        published.stream().map(module -> "loomgate-" + module).toList());
    }

    /// Who publishes a file without these is refused.
    @Test
    void eachPublishedModuleHasANameAndADescription() throws Exception {
        for (String module : published()) {
            assertThat(texts(pom(module), "/project/name | /project/description"))
                    .as("name and description in %s/pom.xml", module)
                    .hasSize(2)
                    .doesNotContain("");
        }
        for (String wanted : List.of("name", "description", "url", "licenses/license", "developers/developer", "scm")) {
            assertThat(texts(pom(BOM), "/project/" + wanted)).as(wanted).hasSize(1);
        }
    }

    private static List<String> published() throws Exception {
        List<String> published = texts(pom("."), "//modules/module");
        published.remove(BOM);
        for (String module : List.copyOf(published)) {
            if (texts(pom(module), "/project/properties/maven.deploy.skip").equals(List.of("true"))) {
                published.remove(module);
            }
        }
        return published;
    }

    private static Document pom(String folder) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(ROOT.resolve(folder).resolve("pom.xml").toFile());
    }

    private static List<String> texts(Document pom, String path) throws Exception {
        NodeList nodes = (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, pom, XPathConstants.NODESET);
        return new ArrayList<>(IntStream.range(0, nodes.getLength())
                .mapToObj(i -> nodes.item(i).getTextContent().strip())
                .toList());
    }
}
