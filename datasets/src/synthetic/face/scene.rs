//! A person before the camera, drawn surface by surface.

use super::Face;
use super::colour::{Colour, scaled, times};
use super::conditions::Conditions;
use super::ears::Ears;
use super::expression::Expression;
use super::eyeball::Eyeball;
use super::hair::Hair;
use super::light::{CLOTH_WRAP, Exposed, Lamps, SKIN_WRAP};
use super::pose::Pose;
use super::raster::{Canvas, Lattice, Lit, Seen};
use super::shadow::Shadows;
use super::sheet::Sheet;
use super::torso::Clothes;
use super::vector::Vector;

/// How strongly oily skin mirrors.
const SKIN_GLOSS: f32 = 0.13;

/// A scene: what stands before the camera, in its coordinates.
pub(super) struct Scene<'a> {
    face: &'a Face,
    pose: Pose,
    lamps: Lamps,
    expression: Expression,
    gaze: (f32, f32),
    shadows: Shadows,
    head: Sheet,
    hair: Option<Sheet>,
    ears: [Sheet; 2],
    wires: Vec<Sheet>,
    clothes: Clothes,
}

impl<'a> Scene<'a> {
    pub(super) fn new(face: &'a Face, how: &Conditions, clothes: Clothes) -> Self {
        let (pose, lamps) = (Pose::new(how), Lamps::new(how));
        let Face { features, head, hair, .. } = face;
        let expression = Expression::new(features, how);
        let columns = head.sheet.columns;
        let place = |sheet: Sheet| sheet.moved(|_, point| pose.placed(point, 1.0));
        let posed = head.sheet.moved(|at, point| pose.placed(expression.moved(point), head.follows(at / columns)));
        let hung = hair.as_ref().map(|hair| place(hair.sheet(how.hair)));
        let ears = [-1.0, 1.0].map(|side| place(features.ears.sheet(side, face.half_at_ears())));
        let wires =
            features.glasses.map_or_else(Vec::new, |glasses| glasses.wires(head.eye.z + 12.0, face.half_at_ears()));
        let wires: Vec<Sheet> = wires.into_iter().map(place).collect();
        let solid = [&posed].into_iter().chain(&wires).chain(&ears).flat_map(|sheet| &sheet.points);
        let strands = hung.iter().zip(hair).flat_map(|(sheet, hair)| sheet.points.iter().zip(hair.is_there()));
        let strands = strands.filter(|(_, is_there)| *is_there).map(|(point, _)| point);
        let shadows = Shadows::new(lamps.key, solid.chain(strands));
        let angle = |degrees: f32| degrees.clamp(-35.0, 35.0) * std::f32::consts::PI / 180.0;
        // Eyes stay on the camera when the head turns.
        let gaze = (
            angle(how.gaze_right_degrees - 0.8 * how.yaw_degrees),
            angle(how.gaze_up_degrees - 0.8 * how.pitch_degrees),
        );
        Self { face, pose, lamps, expression, gaze, shadows, head: posed, hair: hung, ears, wires, clothes }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas) {
        self.draw_head(canvas);
        self.draw_eyes(canvas);
        self.draw_clothes(canvas);
        if !self.face.features.haircut.hides_ears() {
            self.draw_ears(canvas);
        }
        self.draw_hair(canvas);
        self.draw_glasses(canvas);
    }

    /// What the camera sees of a sheet whose points are as `open` to the sky, lit by `light`.
    fn seen(&self, sheet: &Sheet, open: &[f32], inside: bool, light: impl Fn(usize, &Exposed) -> Lit) -> Vec<Seen> {
        let normals = sheet.normals();
        let each = sheet.points.iter().zip(&normals).enumerate();
        each.map(|(at, (&point, &normal))| {
            let (x, y) = self.pose.samples(point);
            let near = self.pose.near(point);
            // What is turned away is not lit, as nobody sees it.
            if normal.z < -0.45 && !inside {
                return Seen { x, y, near, lit: Lit::default() };
            }
            let open = open.get(at).copied().unwrap_or(0.95);
            // What is seen from behind is the inside of something.
            let (normal, open) = if inside && normal.z < -0.3 { (normal * -1.0, 0.4 * open) } else { (normal, open) };
            let reached = self.shadows.reached(point);
            Seen { x, y, near, lit: light(at, &Exposed { normal, open, reached }) }
        })
        .collect()
    }

    fn draw_head(&self, canvas: &mut Canvas) {
        let Face { features, head, skin, .. } = self.face;
        let seen = self.seen(&self.head, &head.open, false, |_, exposed| self.lamps.on(exposed, SKIN_WRAP));
        let lattice = Lattice { columns: head.sheet.columns, points: &seen, two_sided: false };
        let lids = &features.lids;
        let open = self.expression.open;
        canvas.draw(&lattice, |u, v, lit| {
            let [red, green, blue, gloss] = skin.at(u, v);
            let mut colour = [red, green, blue];
            let mut gloss = gloss;
            if (50.0..94.0).contains(&v) {
                let point = head.sheet.at(u, v);
                let near = lids.near(point.x, point.y);
                if point.z > 40.0 && near.out.abs() < lids.half + 6.0 {
                    let (upper, lower) = lids.edges(near.out, open);
                    if near.up < upper && near.up > lower {
                        return None;
                    }
                    let lash = lids.lash_at(near, upper, lower);
                    colour = scaled(colour, 1.0 - 0.9 * lash);
                    gloss *= 1.0 - lash;
                }
            }
            Some(shaded(colour, gloss * SKIN_GLOSS, lit))
        });
    }

    fn draw_eyes(&self, canvas: &mut Canvas) {
        let Face { features, head, .. } = self.face;
        let mirrored = self.lamps.mirrored();
        for side in [-1.0, 1.0] {
            let eyeball = Eyeball::new(features, side, self.gaze, self.expression.open);
            let centre = Vector::new(side * head.eye.x, head.eye.y, head.eye.z);
            let sheet = Eyeball::sheet(centre).moved(|_, point| self.pose.placed(point, 1.0));
            let seen = self.seen(&sheet, &[], false, |_, exposed| self.lamps.on(exposed, SKIN_WRAP));
            let lattice = Lattice { columns: sheet.columns, points: &seen, two_sided: false };
            canvas.draw(&lattice, |u, v, lit| Some(eyeball.colour((u, v), lit.light, &mirrored)));
        }
    }

    fn draw_ears(&self, canvas: &mut Canvas) {
        let skin = times(self.face.features.complexion.skin, [1.0, 0.88, 0.88]);
        for ear in &self.ears {
            let seen = self.seen(ear, &[], false, |_, exposed| self.lamps.on(exposed, SKIN_WRAP));
            let lattice = Lattice { columns: ear.columns, points: &seen, two_sided: false };
            canvas.draw(&lattice, |_, v, lit| {
                Some(shaded(scaled(skin, 1.0 - 0.45 * Ears::hollow(v)), 0.5 * SKIN_GLOSS, lit))
            });
        }
    }

    fn draw_hair(&self, canvas: &mut Canvas) {
        let (Some(sheet), Some(hair)) = (&self.hair, &self.face.hair) else { return };
        let strands = Hair::along(sheet);
        let seen = self.seen(sheet, &[], true, |at, exposed| self.lamps.on_hair(exposed, strands[at]));
        let lattice = Lattice { columns: sheet.columns, points: &seen, two_sided: true };
        canvas.draw(&lattice, |u, v, lit| hair.colour(u, v, lit));
    }

    fn draw_glasses(&self, canvas: &mut Canvas) {
        let Some(glasses) = self.face.features.glasses else { return };
        for wire in &self.wires {
            let seen = self.seen(wire, &[], false, |_, exposed| self.lamps.on(exposed, CLOTH_WRAP));
            let lattice = Lattice { columns: wire.columns, points: &seen, two_sided: false };
            canvas.draw(&lattice, |_, _, lit| Some(shaded(glasses.colour, 0.35, lit)));
        }
    }

    fn draw_clothes(&self, canvas: &mut Canvas) {
        let sheet = &self.clothes.sheet;
        let skin = self.face.features.complexion.skin;
        let seen = self.seen(sheet, &[], true, |_, exposed| self.lamps.on(exposed, CLOTH_WRAP));
        let lattice = Lattice { columns: sheet.columns, points: &seen, two_sided: true };
        canvas.draw(&lattice, |u, v, lit| Some(shaded(self.clothes.colour(u, v).unwrap_or(skin), 0.01, lit)));
    }
}

fn shaded(colour: Colour, gloss: f32, lit: &Lit) -> Colour {
    std::array::from_fn(|band| colour[band] * lit.light[band] + gloss * lit.shine)
}
