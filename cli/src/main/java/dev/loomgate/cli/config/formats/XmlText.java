package dev.loomgate.cli.config.formats;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// XML as uWSGI with libxml2 reads it: each element below `<uwsgi>` is an option, and its value is the text that it
/// begins with, blanks included; `1` if it is empty. Documents with a DTD are refused.
///
/// ```xml
/// <uwsgi id="shop">
///   <processes>4</processes>
///   <master/>
/// </uwsgi>
/// ```
final class XmlText implements SectionReader {
    /// A node of the document.
    ///
    /// @param name of an element; empty for texts, CDATA and comments
    private record Node(
            Kind kind, String name, Map<String, String> attributes, String text, List<Node> children, int line) {
        enum Kind {
            ELEMENT,
            TEXT,
            CDATA,
            OTHER
        }
    }

    @Override
    public SectionText read(String text, @Nullable String section) {
        Node root = document(text);
        boolean isRoot = isSection(root);
        List<Node> candidates = isRoot ? List.of(root) : root.children();
        for (Node node : candidates) {
            String id = node.attributes().get("id");
            boolean other = section != null && id != null && !section.equals(id) && !isRoot;
            if (isSection(node) && !other) {
                return new SectionText(entries(node, section), true, List.of(), List.of());
            }
        }
        return new SectionText(
                List.of(),
                false,
                candidates.stream()
                        .filter(XmlText::isSection)
                        .map(node -> node.attributes().getOrDefault("id", node.name()))
                        .toList(),
                List.of());
    }

    private static boolean isSection(Node node) {
        return node.name().equals("uwsgi") || node.name().equals("loomgate");
    }

    private static List<SectionText.Entry> entries(Node section, @Nullable String asked) {
        List<SectionText.Entry> entries = new ArrayList<>();
        for (Node node : section.children()) {
            String id = node.attributes().get("id");
            if (asked != null && id != null && !asked.equals(id)) {
                continue;
            }
            if (node.kind() == Node.Kind.CDATA) {
                entries.add(new SectionText.Entry("eval", node.text(), node.line()));
            } else if (node.kind() == Node.Kind.ELEMENT) {
                if (node.name().equals("app")) {
                    application(node, entries);
                } else {
                    entries.add(new SectionText.Entry(node.name(), value(node), node.line()));
                }
            }
        }
        return entries;
    }

    private static String value(Node element) {
        if (element.children().isEmpty()) {
            return "1";
        }
        Node first = element.children().getFirst();
        if (first.kind() == Node.Kind.ELEMENT) {
            throw new WrongText(
                    first.line(),
                    "<" + element.name() + "> has the element <" + first.name() + ">: options hold texts");
        }
        return first.text();
    }

    /// `<app mountpoint="/shop">shop.wsgi</app>`, or with a `<module>` in it.
    private static void application(Node app, List<SectionText.Entry> entries) {
        List<Node> children = app.children();
        String application = null;
        if (children.size() == 1 && children.getFirst().kind() != Node.Kind.ELEMENT) {
            application = children.getFirst().text();
        } else if (children.size() > 1
                && !children.get(1).children().isEmpty()
                && children.get(1).children().getFirst().kind() != Node.Kind.ELEMENT) {
            application = children.get(1).children().getFirst().text();
        }
        if (application != null) {
            String prefix = app.attributes().get("mountpoint");
            String domain = app.attributes().get("domain");
            if (prefix != null) {
                application = prefix + "=" + application;
            } else if (domain != null) {
                application = domain + "|=" + application;
            }
            entries.add(new SectionText.Entry("mount", application, app.line()));
        }
        if (application != null || children.isEmpty()) {
            entries.add(new SectionText.Entry("app", "", app.line()));
        }
    }

    private static Node document(String text) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setProperty("http://java.sun.com/xml/stream/properties/report-cdata-event", true);
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(new StringReader(text));
            Node root = null;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamConstants.DTD) {
                    throw new WrongText(line(xml), "a document with a DTD isn't read");
                }
                if (event == XMLStreamConstants.START_ELEMENT) {
                    root = element(xml);
                }
            }
            if (root == null) {
                throw new WrongText(1, "this isn't XML: there is no element");
            }
            return root;
        } catch (XMLStreamException e) {
            throw new WrongText(
                    e.getLocation() == null ? 1 : e.getLocation().getLineNumber(),
                    "this isn't XML: " + String.valueOf(e.getMessage()).replaceAll("(?s).*Message: ", ""));
        }
    }

    private static Node element(XMLStreamReader xml) throws XMLStreamException {
        String name = xml.getLocalName();
        int line = line(xml);
        Map<String, String> attributes = new HashMap<>();
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            attributes.put(xml.getAttributeLocalName(i), xml.getAttributeValue(i));
        }
        List<Node> children = new ArrayList<>();
        while (true) {
            switch (xml.next()) {
                case XMLStreamConstants.START_ELEMENT -> children.add(element(xml));
                case XMLStreamConstants.END_ELEMENT -> {
                    return new Node(Node.Kind.ELEMENT, name, attributes, "", List.copyOf(children), line);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.SPACE -> text(xml, children);
                case XMLStreamConstants.CDATA -> children.add(leaf(Node.Kind.CDATA, xml.getText(), line(xml)));
                case XMLStreamConstants.COMMENT -> children.add(leaf(Node.Kind.OTHER, xml.getText(), line(xml)));
                case XMLStreamConstants.PROCESSING_INSTRUCTION -> {
                    String data = xml.getPIData();
                    children.add(leaf(Node.Kind.OTHER, data == null ? "" : data, line(xml)));
                }
                default -> throw new WrongText(line(xml), "an entity that XML doesn't know isn't read");
            }
        }
    }

    /// Texts that follow each other are one: a reader may give them in pieces.
    private static void text(XMLStreamReader xml, List<Node> children) {
        String text = xml.getText();
        int line = line(xml);
        if (!children.isEmpty() && children.getLast().kind() == Node.Kind.TEXT) {
            Node before = children.removeLast();
            text = before.text() + text;
            line = before.line();
        }
        children.add(leaf(Node.Kind.TEXT, text, line));
    }

    private static Node leaf(Node.Kind kind, String text, int line) {
        return new Node(kind, "", Map.of(), text, List.of(), line);
    }

    private static int line(XMLStreamReader xml) {
        return xml.getLocation().getLineNumber();
    }
}
